import { generateKeyPairSync, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Document, inlineUri } from "../../../infra/identity-config/model";

/** The provider's id in a config. */
export const PROVIDER = "work";

const CLIENT = "shop";
const KEY = "key";

/** A provider of OpenID Connect that lets in whoever a login hint names, without asking. */
export interface SocialProvider {
  /** What a config says of it. */
  config: Document;
  close(): Promise<void>;
}

/** Starts one: discovery, authorization, token and keys, and nothing more (OpenID Connect Core 1.0, code flow). */
export async function startSocialProvider(): Promise<SocialProvider> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  let issuer = "";

  /** An ID token for the one whose code this is. */
  function idToken(code: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { ...JSON.parse(Buffer.from(code, "base64url").toString()), iss: issuer, aud: CLIENT };
    const signed = `${encoded({ alg: "RS256", kid: KEY })}.${encoded({ ...claims, iat: now, exp: now + 60 })}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
  }

  const answers: Record<string, (query: URLSearchParams) => object> = {
    "/.well-known/openid-configuration": () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    }),
    "/keys": () => ({
      keys: [{ ...publicKey.export({ format: "jwk" }), kid: KEY, alg: "RS256", use: "sig" }],
    }),
    "/token": (form) => ({
      access_token: "token",
      token_type: "bearer",
      id_token: idToken(form.get("code") ?? ""),
    }),
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, issuer);
    if (pathname === "/auth") {
      const [sub, nonce] = [searchParams.get("login_hint"), searchParams.get("nonce")];
      const back = new URL(searchParams.get("redirect_uri")!);
      back.searchParams.set("state", searchParams.get("state")!);
      back.searchParams.set("code", encoded({ sub, email: sub, ...(nonce && { nonce }) }));
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const body = Buffer.concat(await request.toArray()).toString();
    const answer = answers[pathname]?.(new URLSearchParams(body));
    response.writeHead(answer ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    config: {
      id: PROVIDER,
      provider: "generic",
      client_id: CLIENT,
      client_secret: "some-client-secret",
      issuer_url: issuer,
      scope: ["openid", "email"],
      mapper_url: inlineUri("{ identity: { traits: { email: std.extVar('claims').email } } }"),
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}
