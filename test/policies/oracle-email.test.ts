import { createServer, type Server } from "node:net";
import type { Json } from "../../infra/identity-config/model";
import { kratosConfig, overlaid } from "../kratos/config";
import * as login from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { kratosBinaries, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { verdict } from "./verdict";

const EMAIL = "person@shop.example";
const RULE = "email-needs-transport";

describe.each(kratosBinaries())("e-mails of %s", (binary) => {
  let outbox: Outbox;
  beforeEach(async () => {
    outbox = await startOutbox();
  });
  afterEach(() => outbox.close());

  /** What a user reads who asks for a recovery code with `courier` in force, and what became of the message. */
  async function recovery(expected: string, courier: { [key: string]: Json | undefined }, env = {}) {
    const base = kratosConfig(outbox);
    const config = {
      ...base,
      courier: overlaid({ message_retries: 1, worker: { pull_wait: "100ms" } }, courier),
    };
    expect(verdict(RULE, config, binary)).toBe(expected);
    const args = ["--watch-courier"];
    const kratos = await startKratos({ binary, files: { "kratos.json": config }, args, env });
    try {
      await login.createIdentity(kratos, { email: EMAIL });
      const flow = await login.publicCall(kratos, "/self-service/recovery/api");
      const { body } = await login.publicCall(kratos, flow.body.ui.action, undefined, {
        method: "code",
        email: EMAIL,
      });
      const message = await waitFor("the end of the message", async () => {
        const { body } = await login.adminCall(kratos, "/admin/courier/messages");
        return body.find(({ status }: { status: string }) => ["sent", "abandoned"].includes(status));
      });
      const { body: detail } = await login.adminCall(kratos, `/admin/courier/messages/${message.id}`);
      const failed = detail.dispatches.find((one: { error?: unknown }) => one.error);
      return { shown: body.ui.messages[0].id, status: message.status, error: failed?.error.message };
    } finally {
      await kratos.stop();
    }
  }

  const codeSent = 1060003;
  const http = (url?: string) => ({
    delivery_strategy: "http",
    http: { request_config: overlaid({ method: "POST" }, { url }) },
  });

  test("are abandoned without a URL, though the user reads that one was sent", async () => {
    const lost = await recovery("violated", http());
    expect(lost).toMatchObject({ shown: codeSent, status: "abandoned" });
    expect(lost.error).toContain("unsupported protocol scheme");
    expect(await recovery("kept", http(`${outbox.url}/email`))).toMatchObject({
      shown: codeSent,
      status: "sent",
    });
    expect(outbox.deliveries).toEqual([expect.objectContaining({ path: "/email" })]);
  });

  test("are abandoned without an SMTP server, unless the environment names one", async () => {
    const lost = await recovery("undecided", {});
    expect(lost).toMatchObject({ shown: codeSent, status: "abandoned" });
    expect(lost.error).toContain("courier.smtp.connection_uri is not set");

    let calls = 0;
    const smtp = await new Promise<Server>((resolve) => {
      const server = createServer((socket) => {
        calls += 1;
        socket.end("421 closed\r\n");
      }).listen(0, "127.0.0.1", () => resolve(server));
    });
    try {
      const { port } = smtp.address() as { port: number };
      const uri = `smtp://127.0.0.1:${port}/`;
      await recovery("undecided", {}, { COURIER_SMTP_CONNECTION_URI: uri });
      expect(calls).toBeGreaterThan(0);
      calls = 0;
      await recovery("kept", { smtp: { connection_uri: uri } });
      expect(calls).toBeGreaterThan(0);
    } finally {
      smtp.close();
    }
  });
});
