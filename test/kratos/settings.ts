import { createHmac } from "node:crypto";
import type { Json } from "../../infra/identity-config/model";
import { type Answer, publicCall } from "./login";
import type { Kratos } from "./server";

/** A new settings flow of a session. */
export async function settingsFlow(kratos: Kratos, token: string): Promise<Answer["body"]> {
  const { status, body } = await publicCall(kratos, "/self-service/settings/api", token);
  if (status !== 200) throw new Error(`could not open the settings: ${JSON.stringify(body)}`);
  return body;
}

/** Submits one method's form of a new settings flow. */
export async function saveSettings(kratos: Kratos, token: string, form: Json): Promise<Answer> {
  return publicCall(kratos, (await settingsFlow(kratos, token)).ui.action, token, form);
}

/** Enrols an authenticator app. */
export async function enrolTotp(kratos: Kratos, token: string): Promise<void> {
  const flow = await settingsFlow(kratos, token);
  const isKey = ({ attributes }: Answer["body"]) => attributes.id === "totp_secret_key";
  const form = { method: "totp", totp_code: totpCode(flow.ui.nodes.find(isKey).attributes.text.text) };
  expect((await publicCall(kratos, flow.ui.action, token, form)).status).toBe(200);
}

/** Makes recovery codes. */
export async function enrolLookupSecret(kratos: Kratos, token: string): Promise<void> {
  const { action } = (await settingsFlow(kratos, token)).ui;
  for (const step of ["lookup_secret_regenerate", "lookup_secret_confirm"])
    expect((await publicCall(kratos, action, token, { method: "lookup_secret", [step]: true })).status).toBe(
      200,
    );
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an authenticator app shows now for `secret` (RFC 6238). */
function totpCode(secret: string): string {
  const bits = [...secret.replace(/=+$/, "")].map((letter) =>
    BASE32.indexOf(letter).toString(2).padStart(5, "0"),
  );
  const key = Buffer.from(
    bits
      .join("")
      .match(/.{8}/g)!
      .map((byte) => Number.parseInt(byte, 2)),
  );
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
