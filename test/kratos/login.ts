import type { Json } from "../../infra/identity-config/model";
import { repeated } from "../../infra/journeys/kratos-api";
import type { Kratos } from "./server";

/** An answer of Kratos. Bodies are untyped: the tests say what they expect of them. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  body: any;
}

/** A password that Kratos's default policy accepts. */
export const PASSWORD = "correct-horse-battery-9";

/** Calls a path of the public API, as the bearer of a session token if given. */
export function publicCall(kratos: Kratos, path: string, token?: string, body?: Json): Promise<Answer> {
  return call(path.startsWith("http") ? path : kratos.publicUrl + path, body, token);
}

/** Calls a path of the admin API, such as `/admin/courier/messages`. */
export function adminCall(kratos: Kratos, path: string, body?: Json): Promise<Answer> {
  return call(kratos.adminUrl + path, body);
}

const call = (url: string, body?: Json, token?: string): Promise<Answer> =>
  repeated(() => callOnce(url, body, token)) as Promise<Answer>;

async function callOnce(url: string, body?: Json, token?: string): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      ...(token ? { "x-session-token": token } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

/** Creates an identity of the default schema that signs in with PASSWORD. */
export async function createIdentity(kratos: Kratos, traits: Record<string, string>): Promise<string> {
  const credentials = { password: { config: { password: PASSWORD } } };
  const { status, body } = await adminCall(kratos, "/admin/identities", {
    schema_id: "default",
    traits,
    credentials,
  });
  if (status !== 201) throw new Error(`could not create the identity: ${JSON.stringify(body)}`);
  return body.id;
}

/** Signs in with PASSWORD; the token of the new session, which has the first factor only. */
export async function passwordLogin(kratos: Kratos, identifier: string): Promise<string> {
  const flow = await publicCall(kratos, "/self-service/login/api");
  const { status, body } = await publicCall(kratos, flow.body.ui.action, undefined, {
    method: "password",
    identifier,
    password: PASSWORD,
  });
  if (status !== 200) throw new Error(`could not sign in: ${JSON.stringify(body)}`);
  return body.session_token;
}

/** Whether the session is good for anything: 200, or 403 where a second factor is missing. */
export function whoami(kratos: Kratos, token: string): Promise<Answer> {
  return publicCall(kratos, "/sessions/whoami", token);
}

/** Starts the second factor's login flow for a session. */
export async function secondFactorFlow(kratos: Kratos, token: string): Promise<Answer["body"]> {
  const { status, body } = await publicCall(kratos, "/self-service/login/api?aal=aal2", token);
  if (status !== 200) throw new Error(`could not ask for the second factor: ${JSON.stringify(body)}`);
  return body;
}

/**
 * The addresses that a second-factor flow offers to send a code to. From v26.2 on a single address gets its code at
 * once, and then stands in the flow's hidden `identifier` or `address`.
 */
export function offeredAddresses(flow: Answer["body"]): string[] {
  // A form without any field has `null` here.
  const nodes = (flow.ui.nodes ?? []) as { group: string; attributes: { name: string; value: string } }[];
  const addresses = nodes
    .filter(
      ({ group, attributes }) => group === "code" && ["address", "identifier"].includes(attributes.name),
    )
    .map(({ attributes }) => attributes.value);
  return [...new Set(addresses)].sort();
}

/** Has a code sent to `address`. Kratos answers with the flow, at status 400 by design up to v1.3.1. */
export function sendCode(
  kratos: Kratos,
  flow: Answer["body"],
  token: string,
  address: string,
): Promise<Answer> {
  return publicCall(kratos, flow.ui.action, token, { method: "code", address });
}

/** Submits a code to a flow that has sent one. */
export function enterCode(
  kratos: Kratos,
  flow: Answer["body"],
  token: string,
  code: string,
): Promise<Answer> {
  return publicCall(kratos, flow.ui.action, token, { method: "code", code });
}
