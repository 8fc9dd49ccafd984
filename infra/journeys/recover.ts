import { randomBytes } from "node:crypto";
import type { Factor } from "../identity-config/journeys/journey";
import { addressOf, giveFirst, type Scene, sentCode } from "./factors";
import type { Reply } from "./kratos-api";
import { type Flow, unexpected } from "./kratos-reply";
import type { Person } from "./person";

const nodeOf = (flow: Flow | undefined, name: string) =>
  flow?.ui?.nodes?.find(({ attributes }) => attributes.name === name);

/**
 * Recovers an account by a code, as in a browser: until the settings are open, where a new password is set, with which
 * they sign in. `demanded` where the settings want a second factor first. @throws JourneyError
 */
export async function recover(scene: Scene, person: Person, factor: Factor): Promise<"aal1" | "demanded"> {
  const cookies = new Map<string, string>();
  const { api } = scene;
  const open = async (path: string) => api.public<Flow>(path, { cookies });
  const send = (kind: string, flow: Flow | undefined, body: object): Promise<Reply<Flow>> =>
    api.public(`/self-service/${kind}?flow=${encodeURIComponent(flow?.id ?? "")}`, {
      method: "POST",
      body: { csrf_token: nodeOf(flow, "csrf_token")?.attributes.value, ...body },
      cookies,
    });
  const start = await open("/self-service/recovery/browser");
  if (start.status !== 200) throw unexpected("UnexpectedReply", "a recovery flow (200)", start);
  const address = addressOf(person, factor);
  const code = await sentCode(scene, address, async () => {
    const asked = await send("recovery", start.body, { method: "code", email: address });
    if (asked.body?.state === "sent_email") return;
    throw unexpected("UnexpectedReply", "a recovery code to be sent (sent_email)", asked);
  });
  const entered = await send("recovery", start.body, { method: "code", code });
  const settings = await open("/self-service/settings/browser");
  if (settings.status === 403 && settings.body?.error?.id === "session_aal2_required") return "demanded";
  if (settings.status !== 200)
    throw unexpected("CodeRefused", "the recovery code to open the settings", entered);
  if (nodeOf(settings.body, "password") === undefined) return "aal1";
  const password = randomBytes(24).toString("base64url");
  const saved = await send("settings", settings.body, { method: "password", password });
  if (saved.status !== 200) throw unexpected("UnexpectedReply", "a new password to be saved (200)", saved);
  person.password = password;
  await giveFirst(scene, person, "password");
  return "aal1";
}
