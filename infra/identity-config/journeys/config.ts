import { identitySchemas, type ListedSchema } from "../identity-schema";
import type { Running } from "../kratos-version";
import { isUnknown } from "../model";
import { join } from "../path";
import { elementsAt, readAt } from "../reading";
import type { Channel, End } from "./journey";

/** The effective config that journeys go through, and the Kratos that has it. */
export interface Config extends Running {
  document: unknown;
}

/** What decides a step is not known. Never leaves this folder. */
export class CannotTell extends Error {
  constructor(
    readonly path: string,
    readonly because: string,
  ) {
    super(because);
  }
}

/** What `steps` yields, or that what decides it is not known. */
export function orUnclear(steps: () => End): End {
  try {
    return steps();
  } catch (error) {
    if (error instanceof CannotTell) return { unclear: error.path, because: error.because };
    throw error;
  }
}

type Widened<T> = T extends boolean ? boolean : string;

/** The value at `path`; `byDefault`, Kratos's default, where none is set. */
export function setting<T extends boolean | string>(config: Config, path: string, byDefault: T): Widened<T> {
  const value = readAt(config.document, path);
  if (isUnknown(value)) throw new CannotTell(path, `${path} is not known yet`);
  return (value ?? byDefault) as Widened<T>;
}

const METHODS = "/selfservice/methods";
const ON_BY_DEFAULT = ["code", "password", "profile"];

/** Whether the method takes part in flows at all (driver/config/config.go, SelfServiceStrategy). */
export function isEnabled(config: Config, method: string): boolean {
  const path = join(join(METHODS, method), "enabled");
  if (setting(config, path, ON_BY_DEFAULT.includes(method))) return true;
  return method === "code" && isPasswordless(config, "code");
}

/** Whether the method is set up to be a first factor. */
export function isPasswordless(config: Config, method: "code" | "webauthn"): boolean {
  const key = method === "code" ? "passwordless_enabled" : "config/passwordless";
  return setting(config, `${METHODS}/${method}/${key}`, false);
}

export const isCodeMfa = (config: Config): boolean => setting(config, `${METHODS}/code/mfa_enabled`, false);

/** Whether codes go to verifiable addresses of those who have no code credential. */
export const hasFallback = (config: Config): boolean =>
  setting(config, `${METHODS}/code/config/missing_credential_fallback_enabled`, false);

/** The identity schema that new identities get. */
export function defaultSchema(config: Config): ListedSchema | undefined {
  const id = setting(config, "/identity/default_schema_id", "default");
  const listed = identitySchemas(config.document);
  const unknown = listed.find((schema) => isUnknown(schema.id));
  const found = listed.find((schema) => schema.id === id);
  if (found === undefined && unknown !== undefined)
    throw new CannotTell("/identity/schemas", "/identity/schemas is not known yet");
  return found;
}

/** Kratos starts without it, and then fails wherever a form is made from it. */
export function withoutDefaultSchema(config: Config): End | undefined {
  if (defaultSchema(config) !== undefined) return undefined;
  return { stopped: "server-error", because: "identity.default_schema_id names no identity schema" };
}

/** Its traits' extensions. */
export function extensionsOf(schema: ListedSchema): ListedSchema["extensions"] {
  if (schema.unreadable === undefined) return schema.extensions;
  const why = schema.unreadable === "unknown" ? "is not known yet" : "is read by the target only";
  throw new CannotTell(schema.path, `the identity schema at ${schema.path} ${why}`);
}

/** The names of the hooks after a flow with a method: those of the method, or where it has none, those of all. */
export function hooksAfter(config: Config, flow: string, method: string): string[] {
  const at = `/selfservice/flows/${flow}/after`;
  const names = (path: string) =>
    elementsAt(config.document, path).map(({ value }) => {
      const hook = readAt(value, "/hook");
      if (isUnknown(hook)) throw new CannotTell(path, `${path} is not known yet`);
      return String(hook);
    });
  const own = names(`${at}/${method}/hooks`);
  return own.length > 0 ? own : names(`${at}/hooks`);
}

/** Whether messages can leave by `via`, as far as the config says. */
export function isDelivered(config: Config, via: Channel): boolean {
  if (via === "sms") {
    const channels = elementsAt(config.document, "/courier/channels");
    if (channels.some(({ value }) => isUnknown(value)))
      throw new CannotTell("/courier/channels", "/courier/channels is not known yet");
    return channels.some(({ value }) => readAt(value, "/id") === "sms");
  }
  if (config.target === "network") return true;
  return setting(config, "/courier/delivery_strategy", "smtp") === "http"
    ? setting(config, "/courier/http/request_config/url", "") !== ""
    : setting(config, "/courier/smtp/connection_uri", "") !== "";
}
