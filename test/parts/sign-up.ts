import { type Answer, PASSWORD, publicCall } from "../kratos/login";
import type { Kratos } from "../kratos/server";

/** Signs up over the API with a password, in one step. */
export async function signUp(
  kratos: Kratos,
  traits: Record<string, unknown>,
  password = PASSWORD,
): Promise<Answer> {
  const flow = await publicCall(kratos, "/self-service/registration/api");
  return publicCall(kratos, flow.body.ui.action, undefined, {
    method: "password",
    password,
    traits: traits as { [name: string]: string },
  });
}

/** The ids of all messages in a flow, its nodes' among them. */
export function messageIds({ body }: Answer): number[] {
  const nodes = (body.ui.nodes ?? []) as { messages?: { id: number }[] }[];
  return [...(body.ui.messages ?? []), ...nodes.flatMap(({ messages }) => messages ?? [])].map(
    ({ id }) => id,
  );
}
