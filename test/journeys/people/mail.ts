import { adminCall } from "../../kratos/login";
import type { Kratos } from "../../kratos/server";
import { waitFor } from "../../kratos/wait";

/** What Kratos has queued for somebody. */
export interface Mail {
  code: string;
  link: string;
}

interface Message {
  created_at: string;
  status: string;
  body: string;
}

/**
 * The newest message to `to` that is not older than `since`; undefined where none is sent. Kratos queues messages before
 * it answers, so what is not there now will not come.
 * @param isDelivering A courier is running: `never-sent` where it gives up.
 */
export async function mailTo(
  kratos: Kratos,
  to: string,
  since: number,
  isDelivering: boolean,
): Promise<Mail | "never-sent" | undefined> {
  const newest = async (): Promise<Message | undefined> => {
    const query = `recipient=${encodeURIComponent(to)}&page_size=10`;
    const { body } = await adminCall(kratos, `/admin/courier/messages?${query}`);
    return (body as Message[])
      .filter(({ created_at }) => Date.parse(created_at) >= since)
      .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))[0];
  };
  const message = await newest();
  if (message === undefined) return undefined;
  if (isDelivering) {
    const status = await waitFor(`the end of a message to ${to}`, async () => {
      const status = (await newest())?.status;
      return status === "sent" || status === "abandoned" ? status : undefined;
    });
    if (status === "abandoned") return "never-sent";
  }
  return {
    code: /\b\d{6}\b/.exec(message.body)?.[0] ?? "",
    link: /https?:\/\/\S+token=[^\s"<]+/.exec(message.body)?.[0]?.replaceAll("&amp;", "&") ?? "",
  };
}
