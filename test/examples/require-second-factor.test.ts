import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as ts from "typescript";
import { kratosConfig, overlaid } from "../kratos/config";
import * as login from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";

type Middleware = (
  request: Parameters<RequestListener>[0],
  response: Parameters<RequestListener>[1],
  next: (error?: unknown) => void,
) => Promise<void>;

/** The middleware as the page shows it. */
function documented(): (places: Record<string, string>) => Middleware {
  const page = readFileSync(join(__dirname, "../../docs/require-second-factor.md"), "utf8");
  const [, , snippet] = page.split(/^```ts\n/m);
  const { outputText } = ts.transpileModule(snippet!.split("```")[0]!, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const module = { exports: {} as { requireSecondFactor: (places: object) => Middleware } };
  new Function("module", "exports", outputText)(module, module.exports);
  return module.exports.requireSecondFactor;
}

/** The TOTP code of this moment (RFC 6238) of a secret in base 32. */
function totp(secret: string): string {
  const bits = [...secret].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g)!;
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const key = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1)! & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

const APP = "https://shop.example";

describe.each(kratosBinaries())("an application that requires a second factor, with %s", (binary) => {
  let outbox: Outbox;
  let kratos: Kratos;
  let server: Server;
  let people = 0;

  beforeAll(async () => {
    outbox = await startOutbox();
    const methods = {
      code: { mfa_enabled: false },
      totp: { enabled: true },
      lookup_secret: { enabled: true },
    };
    const config = overlaid(kratosConfig(outbox), {
      selfservice: {
        methods,
        flows: { settings: { required_aal: "highest_available" } },
        allowed_return_urls: [APP],
      },
      session: { whoami: { required_aal: "highest_available" } },
    });
    kratos = await startKratos({ binary, files: { "kratos.json": config } });
    const places = { kratos: kratos.publicUrl, kratosForBrowsers: kratos.publicUrl, app: APP };
    const middleware = documented()(places);
    server = createServer(async (request, response) =>
      middleware(request, response, (error) => response.writeHead(error ? 500 : 200).end(error ? "" : "in")),
    );
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  afterAll(async () => {
    server?.close();
    await kratos?.stop();
    await outbox?.close();
  });

  const visit = async (headers: Record<string, string> = {}) => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/cart?a=b`, { headers, redirect: "manual" });
    const text = await response.text();
    return {
      status: response.status,
      location: response.headers.get("location"),
      ...(text.startsWith("{") ? (JSON.parse(text) as { error: string; url: string }) : { text }),
    };
  };
  const withToken = (token: string) => visit({ "x-session-token": token });
  const flowUrl = (flow: string) => {
    const url = new URL(kratos.publicUrl + flow);
    url.searchParams.set("return_to", `${APP}/cart?a=b`);
    return url.href;
  };

  test("who has not signed in is sent to sign in, browsers by a redirect that Kratos takes", async () => {
    const url = flowUrl("/self-service/login/browser");
    expect(await visit()).toMatchObject({ status: 401, error: "session", url });
    const browser = await visit({ accept: "text/html,*/*" });
    expect(browser).toMatchObject({ status: 303, location: url });
    const flow = await fetch(url, { headers: { accept: "application/json" } });
    expect(await flow.json()).toMatchObject({ return_to: `${APP}/cart?a=b` });
  });

  test("who has one factor is sent to enrol another, then to use it, and only then gets in", async () => {
    const email = `person-${people++}@shop.example`;
    await login.createIdentity(kratos, { email });
    const first = await login.passwordLogin(kratos, email);
    const enrolment = await withToken(first);
    expect(enrolment).toMatchObject({
      status: 403,
      error: "enrolment",
      url: flowUrl("/self-service/settings/browser"),
    });

    const settings = await login.publicCall(kratos, "/self-service/settings/api", first);
    const nodes = settings.body.ui.nodes as { attributes: { id?: string; text?: { text: string } } }[];
    const secret = nodes.find(({ attributes }) => attributes.id === "totp_secret_key")!.attributes.text!.text;
    const enrolled = { method: "totp", totp_code: totp(secret) };
    expect(await login.publicCall(kratos, settings.body.ui.action, first, enrolled)).toMatchObject({
      status: 200,
    });

    const second = await login.passwordLogin(kratos, email);
    expect(await withToken(second)).toMatchObject({
      status: 403,
      error: "second_factor",
      url: flowUrl("/self-service/login/browser?aal=aal2"),
    });
    const flow = await login.secondFactorFlow(kratos, second);
    const given = { method: "totp", totp_code: totp(secret) };
    expect(await login.publicCall(kratos, flow.ui.action, second, given)).toMatchObject({ status: 200 });
    expect(await withToken(second)).toEqual({ status: 200, location: null, text: "in" });
  });

  test("where Kratos cannot be asked, nobody gets in", async () => {
    const nowhere = { kratos: "http://127.0.0.1:1", kratosForBrowsers: kratos.publicUrl, app: APP };
    const errors: unknown[] = [];
    const request = { headers: {}, url: "/" } as Parameters<Middleware>[0];
    await documented()(nowhere)(request, {} as Parameters<Middleware>[1], (error) => errors.push(error));
    expect(errors).toEqual([expect.objectContaining({ message: "fetch failed" })]);
  });
});
