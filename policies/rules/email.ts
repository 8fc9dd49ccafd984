import { isUnknown } from "../../infra/identity-config/model";
import { readAt, shown } from "../../infra/identity-config/reading";
import { REDACTED } from "../../infra/identity-config/sensitive";
import { allOf, anyOf, type Condition, undecided } from "./condition";
import { codesAreFirstFactor, codesAreSecondFactor, recoveryIsOn, verificationIsOn } from "./factors";
import type { Rule, Violation } from "./rule";
import { isVerified, receivesCodes, recovers, someTrait } from "./traits";

const STRATEGY = "/courier/delivery_strategy";
const SMTP = "/courier/smtp/connection_uri";
const HTTP = "/courier/http/request_config/url";

const needsTransport: Rule = {
  id: "email-needs-transport",
  severity: "mandatory",
  title: "where e-mails are sent, there is a way to send them",
  why: "users read that a message was sent; it is retried, then abandoned, and nobody is told",
  source: "ory/kratos v1.3.1 courier/smtp.go; request/builder.go",
  needs: "effective",
  check({ effective, target }) {
    const sends = sendsEmail(effective);
    if (sends.holds === false) return [];
    const fault = transportFault(effective, target);
    if (fault === undefined) return [];
    return sends.holds === undefined ? [undecided(sends.path, sends.because)] : [fault];
  },
};

function transportFault(document: unknown, target: string): Violation | undefined {
  const strategy = readAt(document, STRATEGY) ?? "smtp";
  const isSmtp = strategy === "smtp";
  if (isUnknown(strategy)) return undecided(STRATEGY);
  // Of SMTP, Ory Network has a server of its own; other strategies Kratos itself refuses.
  if (isSmtp ? target === "network" : strategy !== "http") return undefined;
  const path = isSmtp ? SMTP : HTTP;
  const value = readAt(document, path);
  if (value !== undefined && value !== "") return undefined;
  if (!isSmtp)
    return {
      path,
      message: `delivery_strategy is ${shown(strategy)}, but no URL says where e-mails go`,
      remedy: `set ${path} to the gateway's, or ${STRATEGY} to "smtp"`,
    };
  return {
    path,
    // Operators like to pass it as an environment variable, for it holds a password.
    undecided: true,
    message:
      "e-mails are sent, but connection_uri is not set: unless the server's environment sets COURIER_SMTP_CONNECTION_URI, all are abandoned",
    remedy: `set ${path}, or list the variable in target.kratos.env`,
  };
}

/** Whether something is sent to an e-mail address. */
const sendsEmail = (document: unknown): Condition =>
  anyOf(
    allOf(
      anyOf(codesAreSecondFactor(document), codesAreFirstFactor(document)),
      someTrait(document, receivesCodes("email")),
    ),
    allOf(recoveryIsOn(document), someTrait(document, recovers("email"))),
    allOf(verificationIsOn(document), someTrait(document, isVerified("email"))),
  );

const smtpTls: Rule = {
  id: "smtp-tls",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "e-mails are encrypted on their way to the mail server",
  why: "whoever is on the way reads the codes and links, and takes over accounts with them",
  source: "ory/kratos embedx/config.schema.json, courier.smtp.connection_uri",
  needs: "declared",
  check({ effective }) {
    const uri = readAt(effective, SMTP);
    if (isUnknown(uri)) return [undecided(SMTP)];
    // The provider has seen it; what comes after it sees no secrets.
    if (typeof uri !== "string" || uri === REDACTED || isLoopback(uri)) return [];
    const open = ["disable_starttls", "skip_ssl_verify"].filter((option) =>
      new RegExp(`[?&]${option}=(true|1|t)(&|$)`, "i").test(uri),
    );
    return open.map((option) => ({
      path: SMTP,
      message:
        option === "skip_ssl_verify"
          ? "skip_ssl_verify is on: any server may pose as the mail server"
          : "disable_starttls is on: e-mails and the password go out in clear text",
      remedy: `remove ${option} from ${SMTP}`,
    }));
  },
};

const isLoopback = (uri: string): boolean =>
  /^smtps?:\/\/([^?]*@)?(localhost|127(\.\d+){3}|\[::1\])(:\d+)?([/?]|$)/i.test(uri);

const ownSender: Rule = {
  id: "net-own-smtp-prod",
  severity: "info",
  severityInProd: "advisory",
  title: "e-mails of a production project come from its own domain",
  why: "users get codes from a sender of Ory's that they do not know, and spam filters know neither",
  source: "docs/kratos/emails-sms/01_sending-emails-smtp.mdx of ory/docs",
  needs: "effective",
  check({ effective, target }) {
    if (target !== "network") return [];
    const [strategy, uri] = [readAt(effective, STRATEGY), readAt(effective, SMTP)];
    if (isUnknown(strategy)) return [undecided(STRATEGY)];
    if (strategy === "http" || (uri !== undefined && uri !== "")) return [];
    return [{ path: SMTP, message: "no mail server of your own is set", remedy: `set ${SMTP} to one` }];
  },
};

export const emailRules: Rule[] = [needsTransport, smtpTls, ownSender];
