import type { Factor } from "../../../infra/identity-config/journeys/journey";
import { PASSWORD } from "../../kratos/login";
import type { Kratos } from "../../kratos/server";
import { Authenticator } from "./authenticator";
import { Browser, nodeOf, nodesOf, type Page } from "./browser";
import { newAddresses, optionsAt, type Someone } from "./someone";
import { isSignedIn, type Seen, type SeenPath, stopOf, type Walk } from "./walk";

const CHANGES = ["password", "profile", "totp", "lookup_secret", "webauthn", "passkey"];
const PAGE = "/self-service/settings/browser";

/** Opening the settings with a session. */
export async function settings(
  walk: Walk,
  browser: Browser,
  someone: Someone,
  from: "aal1" | "aal2",
): Promise<Seen> {
  const again = await walk.again(browser, someone);
  const path = await walk.after(browser, someone, PAGE);
  // Lookup codes are not given every time; a session that was raised by them long ago sees the page, too.
  const raised = "reached" in path.end && someone.before.aal2 ? someone.before.aal2 : browser;
  const { status, body } = await raised.get(PAGE);
  const page = status === 200 && {
    changes: CHANGES.filter((method) => nodesOf(body).some(({ group }) => group === method)),
    again,
  };
  return { journey: "settings", from, paths: [path], ...page };
}

/** Recovering the account of somebody who has lost all but the mailbox, until the settings are open. */
export async function recovery(kratos: Kratos, walk: Walk, someone: Someone): Promise<Seen> {
  const browser = new Browser(kratos);
  const start = await browser.get("/self-service/recovery/browser");
  if (start.status !== 200) return { journey: "recovery", paths: [{ end: stopOf(start) }] };
  // From 25.4 on, any address can be asked for.
  const field = nodeOf(start.body, "recovery_address") ? "recovery_address" : "email";
  const address = someone.email ?? (field === "email" ? undefined : someone.phone);
  if (address === undefined) return { journey: "recovery", paths: [{ end: { stopped: "no-address" } }] };
  const since = Date.now();
  const method = nodesOf(start.body).some(({ group }) => group === "link") ? "link" : "code";
  const sent = await browser.submit(start.body, { method, [field]: address });
  const mail = await walk.mail(address, since);
  if (mail === undefined) return { journey: "recovery", paths: [{ end: { stopped: "no-address" } }] };
  const first = someone.email === undefined ? ("recovery:sms" as const) : ("recovery:email" as const);
  if (mail === "never-sent")
    return { journey: "recovery", paths: [{ first, end: { stopped: "never-sent" } }] };
  if (method === "link") await browser.get(mail.link.slice(kratos.publicUrl.length));
  else await browser.submit(sent.body, { method, code: mail.code });
  return { journey: "recovery", paths: [{ first, ...(await walk.after(browser, someone, PAGE)) }] };
}

/** Signing up by every way that is offered. */
export async function signUp(kratos: Kratos, walk: Walk, has: readonly ("email" | "phone")[]): Promise<Seen> {
  const paths: SeenPath[] = [];
  for (const first of ["password", "code:email", "code:sms", "webauthn", "passkey"] as const) {
    if (first === "code:email" && !has.includes("email")) continue;
    if (first === "code:sms" && !has.includes("phone")) continue;
    const browser = new Browser(kratos);
    const start = await browser.get("/self-service/registration/browser");
    if (start.status !== 200) return { journey: "sign-up", paths: [{ end: stopOf(start) }] };
    const all = newAddresses();
    const traits = Object.fromEntries(has.map((key) => [key, all[key]]));
    const someone: Someone = {
      name: all.email,
      id: "",
      ...traits,
      password: true,
      lookupCodes: [],
      before: {},
    };
    const chosen = (await browser.submit(start.body, { method: "profile", traits })).body;
    if (!nodesOf(chosen).some(({ group }) => group === first.split(":")[0])) continue;
    const page = await finish(walk, browser, chosen, first, traits);
    if (page === "never-sent") paths.push({ first, end: { stopped: "never-sent" } });
    else if (page.status !== 200 && !isSignedIn(page)) paths.push({ first, end: stopOf(page) });
    else if ((await browser.get("/sessions/whoami")).status === 401)
      paths.push({ first, end: { reached: "none" } });
    else paths.push({ first, ...(await walk.after(browser, someone, "/sessions/whoami")) });
  }
  return { journey: "sign-up", paths: paths.length > 0 ? paths : [{ end: { stopped: "no-way-in" } }] };
}

async function finish(
  walk: Walk,
  browser: Browser,
  flow: Page["body"],
  first: Factor,
  traits: Record<string, string>,
): Promise<Page | "never-sent"> {
  const method = first.split(":")[0]!;
  if (method === "password") return browser.submit(flow, { method, traits, password: PASSWORD });
  if (method === "webauthn") {
    const webauthn_register = new Authenticator().create(optionsAt(flow, "webauthn_register_trigger"));
    const answer = { method, traits, webauthn_register, webauthn_register_displayname: "key" };
    return browser.submit(flow, answer);
  }
  if (method === "passkey") {
    const { credentialOptions } = JSON.parse(String(nodeOf(flow, "passkey_create_data")!.attributes.value));
    const passkey_register = new Authenticator().create(credentialOptions);
    return browser.submit(flow, { method, traits, passkey_register });
  }
  const since = Date.now();
  const sent = await browser.submit(flow, { method, traits });
  if (sent.body.state !== "sent_email") return sent;
  const mail = await walk.mail(first === "code:email" ? traits.email! : traits.phone!, since);
  if (mail === undefined || mail === "never-sent") return "never-sent";
  return browser.submit(sent.body, { method, traits, code: mail.code });
}
