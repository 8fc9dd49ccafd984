import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** Where the browser is; what a config has to name as `rp.origin`. */
export const ORIGIN = "http://localhost:4455";
/** `rp.id`. */
export const RP_ID = "localhost";

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest();
const encoded = (data: Buffer | string) => Buffer.from(data).toString("base64url");

const USER_PRESENT_AND_VERIFIED = 0x05;
const NEW_CREDENTIAL = 0x40;

/** A security key, or the passkey of a telephone, in software: one credential, ES256, without attestation (WebAuthn level 2). */
export class Authenticator {
  private readonly id = randomBytes(32);
  private readonly key: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
  });
  private user = "";

  /** Answers `navigator.credentials.create(options)`, as the JSON text that Kratos wants. */
  create(options: { publicKey: { challenge: string; user: { id: string } } }): string {
    this.user = options.publicKey.user.id;
    const { x, y } = this.key.publicKey.export({ format: "jwk" });
    // A COSE key: kty EC2, alg ES256, crv P-256, x, y.
    const cose = Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x!, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y!, "base64url"),
    ]);
    const length = Buffer.from([0, this.id.length]);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, cose]);
    const data = this.authenticatorData(USER_PRESENT_AND_VERIFIED | NEW_CREDENTIAL, credential);
    const attestationObject = Buffer.concat([
      Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746159", "hex"),
      Buffer.from([data.length >> 8, data.length & 0xff]),
      data,
    ]);
    const client = clientData("webauthn.create", options.publicKey.challenge);
    return this.answer({ attestationObject: encoded(attestationObject), clientDataJSON: encoded(client) });
  }

  /** Answers `navigator.credentials.get(options)`. */
  get(options: { publicKey: { challenge: string } }): string {
    const client = clientData("webauthn.get", options.publicKey.challenge);
    const data = this.authenticatorData(USER_PRESENT_AND_VERIFIED, Buffer.alloc(0));
    const signature = sign("sha256", Buffer.concat([data, sha256(client)]), this.key.privateKey);
    return this.answer({
      authenticatorData: encoded(data),
      clientDataJSON: encoded(client),
      signature: encoded(signature),
      userHandle: this.user,
    });
  }

  private authenticatorData(flags: number, credential: Buffer): Buffer {
    return Buffer.concat([sha256(RP_ID), Buffer.from([flags, 0, 0, 0, 0]), credential]);
  }

  private answer(response: Record<string, string>): string {
    const id = encoded(this.id);
    return JSON.stringify({ id, rawId: id, type: "public-key", response });
  }
}

const clientData = (type: string, challenge: string) =>
  JSON.stringify({ type, challenge, origin: ORIGIN, crossOrigin: false });
