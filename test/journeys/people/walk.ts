import {
  type Channel,
  type End,
  type Factor,
  type Journey,
  type Path,
  sorted,
} from "../../../infra/identity-config/journeys/journey";
import { totp } from "../../../infra/journeys/totp";
import { PASSWORD } from "../../kratos/login";
import type { Kratos } from "../../kratos/server";
import { Browser, messageIds, nodeOf, nodesOf, type Page } from "./browser";
import { type Mail, mailTo } from "./mail";
import { PROVIDER } from "./social-provider";
import { optionsAt, type Someone } from "./someone";

/** How a path ends, without the words for it. */
export type SeenEnd = { reached: "aal1" | "aal2" | "none" } | { stopped: string };
export type SeenPath = Omit<Path, "end"> & { end: SeenEnd };
export type Seen = Omit<Journey, "paths"> & { paths: SeenPath[] };

const ADDRESS_NOT_VERIFIED = 4000010;

const FIRST_FACTORS = ["password", "code:email", "code:sms", "webauthn", "passkey", "oidc"] as const;

/** What somebody really meets on a running Kratos. */
export class Walk {
  /** Which second factors were given once; lookup codes are too few to give them every time. */
  private readonly given = new Map<string, boolean>();

  /** @param isDelivering A courier is running, whose end with each message is waited for. */
  constructor(
    private readonly kratos: Kratos,
    private readonly isDelivering = false,
  ) {}

  mail(to: string, since: number): Promise<Mail | "never-sent" | undefined> {
    return mailTo(this.kratos, to, since, this.isDelivering);
  }

  /** Signing in by every way that works. */
  async signIn(someone: Someone): Promise<Seen> {
    const start = await new Browser(this.kratos).get("/self-service/login/browser");
    if (start.status !== 200) return { journey: "sign-in", paths: [{ end: stopOf(start) }] };
    const paths: SeenPath[] = [];
    for (const factor of FIRST_FACTORS) {
      const browser = new Browser(this.kratos);
      const page = await this.first(browser, someone, factor, "/self-service/login/browser");
      if (page === undefined) continue;
      if (page === "never-sent") paths.push({ first: factor, end: { stopped: "never-sent" } });
      else if (isSignedIn(page))
        paths.push({ first: factor, ...(await this.after(browser, someone, "/sessions/whoami")) });
      else paths.push({ first: factor, end: stopOf(page) });
    }
    return { journey: "sign-in", paths: paths.length > 0 ? paths : [{ end: { stopped: "no-way-in" } }] };
  }

  /** A session of the first factor, by whatever way works. */
  async signedIn(someone: Someone): Promise<Browser | undefined> {
    for (const factor of FIRST_FACTORS) {
      const browser = new Browser(this.kratos);
      const page = await this.first(browser, someone, factor, "/self-service/login/browser");
      if (page !== undefined && page !== "never-sent" && isSignedIn(page)) return browser;
    }
    return undefined;
  }

  /** The first factors that are asked for and given again, with a session. */
  async again(browser: Browser, someone: Someone): Promise<Factor[]> {
    const found: Factor[] = [];
    for (const factor of FIRST_FACTORS) {
      const page = await this.first(
        browser.copy(),
        someone,
        factor,
        "/self-service/login/browser?refresh=true",
      );
      if (page !== undefined && page !== "never-sent" && isSignedIn(page)) found.push(factor);
    }
    return found;
  }

  /** What a session meets at `path`: it is good, or a second factor is asked for. */
  async after(browser: Browser, someone: Someone, path: string): Promise<Omit<SeenPath, "first">> {
    const page = await browser.get(path);
    if (page.status === 200) return { end: { reached: await aalOf(browser, page) } };
    if (page.status !== 403 || page.body.error?.id !== "session_aal2_required") return { end: stopOf(page) };
    const since = Date.now();
    const { body: flow } = await browser.get("/self-service/login/browser?aal=aal2");
    if (flow.error !== undefined) return { second: [], end: stopOf({ status: flow.error.code, body: flow }) };
    const sentAtOnce = flow.state === "sent_email";
    const second = secondsIn(flow, someone);
    if (second.length === 0) return { second, end: { stopped: "nothing-offered" } };
    const seen = { second, ...(sentAtOnce && { sentAtOnce: true as const }) };
    for (const factor of second) {
      const key = `${someone.name} ${factor}`;
      if (factor === "lookup_secret" && this.given.has(key)) return { ...seen, end: { reached: "aal2" } };
      if (!(await this.second(browser, someone, flow, factor, since))) continue;
      this.given.set(key, true);
      const again = await browser.get(path);
      return {
        ...seen,
        end: again.status === 200 ? { reached: await aalOf(browser, again) } : stopOf(again),
      };
    }
    return { ...seen, end: { stopped: "never-sent" } };
  }

  /** Gives a first factor; undefined where it is not offered, or is not somebody's. */
  private async first(
    browser: Browser,
    someone: Someone,
    factor: Factor,
    start: string,
  ): Promise<Page | "never-sent" | undefined> {
    let { body: flow, status } = await browser.get(start);
    if (status !== 200) return undefined;
    const identifier = factor === "code:sms" ? someone.phone : (someone.email ?? someone.phone);
    if (identifier === undefined || (factor === "code:email" && someone.email === undefined))
      return undefined;
    if (nodesOf(flow).some(({ group }) => group === "identifier_first"))
      flow = (await browser.submit(flow, { method: "identifier_first", identifier })).body;
    const group = factor.split(":")[0];
    if (!nodesOf(flow).some((node) => node.group === group)) return undefined;
    if (factor === "password") {
      const page = await browser.submit(flow, { method: "password", identifier, password: PASSWORD });
      return someone.password ? page : undefined;
    }
    if (factor === "webauthn") return this.byKey(browser, someone, flow, identifier);
    if (factor === "passkey") {
      if (someone.passkey === undefined) return undefined;
      const passkey_login = someone.passkey.get(optionsAt(flow, "passkey_challenge"));
      return browser.submit(flow, { method: "passkey", passkey_login });
    }
    if (factor === "oidc") return bySocialProvider(browser, someone, flow);
    const since = Date.now();
    const sent = await browser.submit(flow, { method: "code", identifier });
    if (sent.body.state !== "sent_email") return sent.status >= 500 ? sent : undefined;
    const mail = await this.mail(identifier, since);
    if (mail === undefined) return undefined;
    if (mail === "never-sent") return mail;
    return browser.submit(sent.body, { method: "code", identifier, code: mail.code });
  }

  private async byKey(browser: Browser, someone: Someone, flow: Page["body"], identifier: string) {
    if (someone.key === undefined) return undefined;
    // The form for the name is followed by one for the key.
    if (nodeOf(flow, "webauthn_login_trigger") === undefined)
      await browser.submit(flow, { method: "webauthn", identifier });
    const { body: asked } = await browser.get(`/self-service/login/flows?id=${flow.id}`);
    if (nodeOf(asked, "webauthn_login_trigger") === undefined) return undefined;
    const webauthn_login = someone.key.get(optionsAt(asked, "webauthn_login_trigger"));
    return browser.submit(asked, { method: "webauthn", identifier, webauthn_login });
  }

  /** Gives a second factor; false where its code never comes. */
  private async second(
    browser: Browser,
    someone: Someone,
    flow: Page["body"],
    factor: Factor,
    since: number,
  ): Promise<boolean> {
    const answers: Partial<Record<Factor, () => Record<string, unknown>>> = {
      totp: () => ({ method: "totp", totp_code: totp(someone.totpSecret!) }),
      lookup_secret: () => ({ method: "lookup_secret", lookup_secret: someone.lookupCodes.pop() }),
      webauthn: () => ({
        method: "webauthn",
        identifier: someone.email,
        webauthn_login: someone.key!.get(optionsAt(flow, "webauthn_login_trigger")),
      }),
    };
    const answer = answers[factor];
    if (answer !== undefined) return expectSignedIn(await browser.submit(flow, answer()), someone, factor);
    const address = factor === "code:sms" ? someone.phone! : someone.email!;
    const sent =
      flow.state === "sent_email" ? flow : (await browser.submit(flow, { method: "code", address })).body;
    const mail = await this.mail(address, since);
    if (mail === undefined || mail === "never-sent") return false;
    return expectSignedIn(await browser.submit(sent, { method: "code", code: mail.code }), someone, factor);
  }
}

/** Kratos sends the browser to the provider, which sends it back. */
async function bySocialProvider(
  browser: Browser,
  { subject }: Someone,
  flow: Page["body"],
): Promise<Page | undefined> {
  if (subject === undefined) return undefined;
  const upstream_parameters = { login_hint: subject };
  const sent = await browser.submit(flow, { method: "oidc", provider: PROVIDER, upstream_parameters });
  if (sent.status !== 422) return sent;
  const page = await browser.visit(sent.body.redirect_browser_to);
  const { status } = await browser.get("/sessions/whoami");
  return status === 401 ? page : { status: 200, body: { session: {} } };
}

function expectSignedIn(page: Page, someone: Someone, factor: Factor): true {
  if (isSignedIn(page)) return true;
  throw new Error(`${someone.name} gave ${factor} and got ${page.status} ${JSON.stringify(page.body)}`);
}

/** 200, or 422, which sends a browser on to the second factor. */
export const isSignedIn = (page: Page): boolean =>
  page.status === 200
    ? page.body.session !== undefined
    : page.status === 422 && String(page.body.redirect_browser_to).includes("aal=aal2");

async function aalOf(browser: Browser, page: Page): Promise<"aal1" | "aal2"> {
  if (page.body.authenticator_assurance_level) return page.body.authenticator_assurance_level;
  const { status, body } = await browser.get("/sessions/whoami");
  return status === 200 ? body.authenticator_assurance_level : "aal1";
}

/** Which second factors a form offers. */
function secondsIn(flow: Page["body"], someone: Someone): Factor[] {
  const codes = nodesOf(flow)
    .filter(({ group, attributes }) => group === "code" || attributes.name === "identifier")
    .map(({ attributes }) => attributes.value)
    .flatMap((address): Channel[] =>
      address === undefined
        ? []
        : address === someone.email
          ? ["email"]
          : address === someone.phone
            ? ["sms"]
            : [],
    );
  const hasCode = nodesOf(flow).some(({ group }) => group === "code");
  return sorted([
    ...(hasCode ? codes.map((via): Factor => `code:${via}`) : []),
    ...(["totp", "lookup_secret", "webauthn"] as const).filter((factor) =>
      nodesOf(flow).some(({ group }) => group === factor),
    ),
  ]);
}

/** Why an answer is no way on. */
export function stopOf({ status, body }: Page): { stopped: string } {
  if (status >= 500) return { stopped: "server-error" };
  const unverified =
    messageIds(body).includes(ADDRESS_NOT_VERIFIED) || body.error?.id === "session_verified_address_required";
  if (unverified || body.error?.id === "address_not_verified") return { stopped: "unverified" };
  const reason = String(body.error?.reason);
  if (status === 400 && /not enabled|disabled/.test(reason)) return { stopped: "off" };
  if (status === 400 && body.ui !== undefined) return { stopped: "refused" };
  return { stopped: `${status} ${JSON.stringify(body).slice(0, 300)}` };
}

/** A prediction as it can be seen: without reasons. */
export function seenOf(journey: Journey): Seen {
  const paths = journey.paths.map(({ end, ...path }) => ({ ...path, end: withoutReason(end) }));
  return { ...journey, paths };
}

function withoutReason(end: End): SeenEnd {
  if ("reached" in end) return end;
  return { stopped: "stopped" in end ? end.stopped : `unclear: ${end.because}` };
}
