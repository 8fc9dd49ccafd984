import { createHash } from "node:crypto";
import { inlineText, inlineUri } from "../../infra/identity-config/model";

/** Where contents are kept under the SHA-512 of themselves, as in the storage bucket that Ory Network uses. */
export class Storage {
  readonly #contents = new Map<string, string>();

  /** @param url What a stored content's URL starts with, without a slash at its end. */
  constructor(readonly url: string) {}

  /** Keeps a text. The URL that it then has. */
  keep(text: string, extension: string): string {
    const name = contentHash(text) + extension;
    this.#contents.set(name, text);
    return `${this.url}/${name}`;
  }

  /** The text behind a file name, or undefined. */
  read(name: string): string | undefined {
    return this.#contents.get(name);
  }

  /** The text behind a URL of this storage or a `base64://` URI, or undefined for any other. */
  resolve(uri: string): string | undefined {
    return uri.startsWith(`${this.url}/`) ? this.read(uri.slice(this.url.length + 1)) : inlineText(uri);
  }

  /** A URI that needs no storage, where the content is known. */
  inlined(uri: string): string {
    const text = this.resolve(uri);
    return text === undefined ? uri : inlineUri(text);
  }
}

/** The SHA-512 of a text, in lower case hexadecimal digits. */
export function contentHash(text: string): string {
  return createHash("sha512").update(text).digest("hex");
}
