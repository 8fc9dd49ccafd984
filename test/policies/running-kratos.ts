import type { Document } from "../../infra/identity-config/model";
import { kratosConfig, overlaid, smsChannel } from "../kratos/config";
import * as login from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { verdict } from "./verdict";

/**
 * The base config, with a channel for SMS, since a courier before v25.4 keeps the channels that it was started with, and
 * with passwords that are checked at once: by default, each takes a quarter of a second.
 */
const baseConfig = (outbox: Outbox): Document =>
  overlaid(kratosConfig(outbox), {
    hashers: { algorithm: "argon2", argon2: { memory: "1MB", iterations: 1, parallelism: 1 } },
    courier: { channels: [smsChannel(outbox)] },
  });

/** A Kratos that many configs are tried on, one after the other, by hot reload. */
export class RunningKratos {
  private people = 0;

  private constructor(
    readonly binary: string,
    readonly outbox: Outbox,
    readonly kratos: Kratos,
  ) {}

  /** Starts it with the base config, and with its courier. */
  static async start(binary: string): Promise<RunningKratos> {
    const outbox = await startOutbox();
    const files = { "kratos.json": baseConfig(outbox) };
    const kratos = await startKratos({ binary, files, args: ["--watch-courier"] });
    return new RunningKratos(binary, outbox, kratos);
  }

  async stop(): Promise<void> {
    await this.kratos.stop();
    await this.outbox.close();
  }

  /** Puts the base config with `change` in force, which `rule` takes for `expected`. */
  async run(rule: string, expected: "violated" | "kept" | "undecided", change: Document): Promise<void> {
    const config = this.config(change);
    expect(verdict(rule, config, this.binary)).toBe(expected);
    expect(await this.kratos.reload("kratos.json", config)).toBe("accepted");
  }

  /** The base config with `change`. */
  config(change: Document): Document {
    return overlaid(baseConfig(this.outbox), change);
  }

  /** An e-mail address that nobody has yet. */
  newEmail(): string {
    return `person-${this.people++}@shop.example`;
  }

  /** A phone number that nobody has yet. */
  newPhone(): string {
    return `+49176132${String(10_000 + this.people++)}`;
  }

  /** Someone new, signed in with the password. */
  async someone(): Promise<{ email: string; token: string }> {
    const email = this.newEmail();
    await login.createIdentity(this.kratos, { email });
    return { email, token: await login.passwordLogin(this.kratos, email) };
  }

  /** What the Admin API answers to a new identity with these traits. */
  created(traits: Document): Promise<login.Answer> {
    return login.adminCall(this.kratos, "/admin/identities", { schema_id: "default", traits });
  }

  /** Starts a flow of the public API. */
  flow(name: string, token?: string): Promise<login.Answer> {
    return login.publicCall(this.kratos, `/self-service/${name}/api`, token);
  }

  /** Submits to a flow. */
  submit(flow: login.Answer, body: Document, token?: string): Promise<login.Answer> {
    return login.publicCall(this.kratos, flow.body.ui.action, token, body);
  }

  /** Waits until the courier has noted what it sent: on SQLite, a request at that moment clashes with it. */
  private async courierIsDone(address: string): Promise<void> {
    const path = `/admin/courier/messages?recipient=${encodeURIComponent(address)}`;
    await waitFor("the courier", async () => {
      const { body } = await login.adminCall(this.kratos, path);
      const statuses = (body as { status: string }[]).map(({ status }) => status);
      return statuses.includes("queued") || statuses.includes("processing") ? undefined : true;
    });
  }

  /** The code that was sent to `address` last, after waiting for one that is newer than `seen` deliveries. */
  async code(address: string, seen = 0): Promise<string> {
    const delivery = await this.outbox.received(
      (one) => (one.body as { to?: string }).to === address && this.outbox.deliveries.indexOf(one) >= seen,
    );
    await this.courierIsDone(address);
    const data = (delivery.body as { data: Record<string, unknown> }).data;
    const code = Object.entries(data).find(([name]) => name.endsWith("_code"))?.[1];
    if (typeof code !== "string") throw new Error(`no code in ${JSON.stringify(delivery.body)}`);
    return code;
  }
}

/** The ids of everything that a form says, at its top and beside its fields. */
export function said(answer: login.Answer): number[] {
  const { ui } = answer.body;
  const beside = (ui?.nodes ?? []).flatMap(({ messages }: { messages?: { id: number }[] }) => messages ?? []);
  return [...(ui?.messages ?? []), ...beside].map(({ id }: { id: number }) => id);
}
