import { gte } from "semver";
import * as ory from "../../infra/index";
import { MockEngine } from "../components/engine";
import { adminCall, publicCall } from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { basics, documentOf, IMPATIENT } from "./document";

const BODY = `function(ctx) {
  to: ctx.recipient,
  text: ctx.body,
  template: ctx.template_type,
  [if "subject" in ctx then "subject"]: ctx.subject,
  [if "html_body" in ctx then "html"]: ctx.html_body,
}`;
const EMAIL = "ada@shop.example";
const PHONE = "+491701234567";

describe.each(kratosBinaries())("message templates, on %s", (binary) => {
  const isNew = gte(kratosVersion(binary), "25.4.0");
  let outbox: Outbox;
  let kratos: Kratos;

  beforeAll(async () => {
    await new MockEngine().start();
    outbox = await startOutbox();
    const mail = (name: ory.MessageTemplateName | ory.EmailTemplateName, field: string) =>
      new ory.MessageTemplate(name, {
        template: name as "login_code_valid",
        email: {
          subject: `own ${name}`,
          plaintext: `own ${name} to {{ .To }}: {{ .${field} }}`,
          html: "<p>own</p>",
        },
        ...(name === "login_code_valid" && { sms: { plaintext: `own SMS to {{ .To }}: {{ .${field} }}` } }),
      });
    const parts = [
      ...basics(outbox).filter(({ fragment }) => !/IdentitySchema|EmailDelivery/.test(fragment.part)),
      new ory.EmailDelivery("email", { http: { url: `${outbox.url}/email`, body: BODY } }),
      new ory.IdentitySchema("customer", {
        default: true,
        traits: {
          email: ory.email({ identifies: ["password", "code"], verify: true, recover: true }),
          phone: ory.phone({ identifies: ["code"], verify: true }),
        },
      }),
      new ory.CourierChannel("sms", { url: `${outbox.url}/sms`, body: BODY }),
      new ory.Passwordless("codes", { code: true }),
      new ory.Recovery("recovery", { notifyUnknownRecipients: true }),
      new ory.Verification("verification", { notifyUnknownRecipients: true }),
      mail("login_code_valid", "LoginCode"),
      mail("recovery_code_valid", "RecoveryCode"),
      mail("recovery_code_invalid", "To"),
      mail("verification_code_invalid", "To"),
      mail("registration_code_valid", "RegistrationCode"),
      // Half of it: the rest stays Kratos's own.
      new ory.MessageTemplate("verification", {
        template: "verification_code_valid",
        email: { subject: "own subject" },
        sms: { plaintext: "own verification {{ .VerificationCode }}" },
      }),
    ];
    kratos = await startKratos({
      binary,
      files: { "kratos.json": documentOf(parts, IMPATIENT) },
      args: ["--watch-courier"],
    });
    const identity = { schema_id: "customer", traits: { email: EMAIL, phone: PHONE } };
    expect((await adminCall(kratos, "/admin/identities", identity)).status).toBe(201);
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  /** The message that arrives after `body` is submitted to a new flow. */
  async function message(flow: string, body: Record<string, string>, template: string, to: string) {
    const { body: begun } = await publicCall(kratos, `/self-service/${flow}/api`);
    await publicCall(kratos, begun.ui.action, undefined, { method: "code", ...body });
    const delivery = await outbox.received(({ body: sent }) => {
      const { to: recipient, template: type } = sent as Record<string, unknown>;
      return recipient === to && type === template;
    });
    return delivery.body as Record<string, unknown>;
  }

  it.each([
    ["login", { identifier: EMAIL }, "login_code_valid", EMAIL, /^\d{6}$/],
    ["recovery", { email: EMAIL }, "recovery_code_valid", EMAIL, /^\d{6}$/],
    ["recovery", { email: "nobody@shop.example" }, "recovery_code_invalid", "nobody@shop.example", /@/],
    [
      "verification",
      { email: "nobody@shop.example" },
      "verification_code_invalid",
      "nobody@shop.example",
      /@/,
    ],
  ])("of %s are what arrives by e-mail: %j, %s", async (flow, body, template, to, last) => {
    const sent = await message(flow, body, template, to);
    const text = String(sent.text).trim();
    expect(sent.subject).toBe(`own ${template}`);
    expect(text).toContain(`own ${template} to ${to}: `);
    expect(text.split(": ")[1]).toMatch(last);
    if (isNew) expect(sent.html).toBe("<p>own</p>");
  });

  it("are what arrives by SMS", async () => {
    const sent = await message("login", { identifier: PHONE }, "login_code_valid", PHONE);
    expect(sent.text).toMatch(/^own SMS to \+491701234567: \d{6}$/);
  });

  it("keep Kratos's own text for what is left out", async () => {
    const sent = await message("verification", { email: EMAIL }, "verification_code_valid", EMAIL);
    expect(sent.subject).toBe("own subject");
    expect(sent.text).toMatch(/\d{6}/);
  });
});
