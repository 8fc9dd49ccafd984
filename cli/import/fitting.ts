import { isDeepStrictEqual } from "node:util";
import { setMocks } from "@pulumi/pulumi/runtime/mocks";
import { AccountEnumeration } from "../../infra/components/account-enumeration";
import type { Asset } from "../../infra/components/asset";
import { CourierChannel, EmailDelivery } from "../../infra/components/courier";
import { Recovery, RequiredAal, Verification } from "../../infra/components/flows";
import { Hooks } from "../../infra/components/hooks";
import { schemaFields } from "../../infra/components/identity-schema";
import { MessageTemplate } from "../../infra/components/message-template";
import { MultiFactor, Passwordless } from "../../infra/components/methods";
import { PasswordHasher, PasswordPolicy } from "../../infra/components/password";
import { Cookies, SessionLifetime } from "../../infra/components/session";
import { Login, Registration } from "../../infra/components/sign-in-flows";
import { SocialSignIn } from "../../infra/components/social-sign-in";
import { UserInterface } from "../../infra/components/user-interface";
import { type Leaves, leavesOf } from "../../infra/identity-config/leaves";
import type { Fragment } from "../../infra/identity-config/merge";
import { isBranch, isEmptyObject } from "../../infra/identity-config/model";
import { isWithin } from "../../infra/identity-config/path";

const PARTS = {
  AccountEnumeration,
  Cookies,
  CourierChannel,
  EmailDelivery,
  Hooks,
  Login,
  MessageTemplate,
  MultiFactor,
  PasswordHasher,
  PasswordPolicy,
  Passwordless,
  Recovery,
  Registration,
  RequiredAal,
  SessionLifetime,
  SocialSignIn,
  UserInterface,
  Verification,
};

/** Arguments of a part, as the program will have them; texts are Assets. */
export type PartArgs = Record<string, unknown>;

/** A part as it will stand in the program. */
export interface PartCode {
  kind: keyof typeof PARTS | "IdentitySchema";
  name: string;
  args: PartArgs;
}

let engine: Promise<unknown> | undefined;

/** Parts are resources, which want an engine. This one takes whatever comes. */
export async function withoutEngine(): Promise<void> {
  engine ??= setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
  await engine;
}

/** What the part really declares. Only after `withoutEngine`. */
export function fragmentOf({ kind, name, args }: PartCode): Fragment {
  if (kind === "IdentitySchema") {
    const { file, ...others } = args as { file: Asset };
    return { part: `IdentitySchema "${name}"`, document: schemaFields(name, file, others) };
  }
  const Class = PARTS[kind] as new (name: string, args: PartArgs) => { fragment: Fragment };
  return new Class(name, args).fragment;
}

/**
 * The paths that the part declares, where each declares just what `leaves` have there, or undefined where it would
 * declare something else.
 */
export function claims(part: PartCode, leaves: Leaves): string[] | undefined {
  const claimed: string[] = [];
  for (const [path, value] of leavesOf(fragmentOf(part).document)) {
    const isThere = leaves.has(path)
      ? isDeepStrictEqual(leaves.get(path), defined(value))
      : isEmptyObject(value) && [...leaves.keys()].some((other) => isWithin(other, path));
    if (!isThere) return undefined;
    claimed.push(path);
  }
  return claimed;
}

/** `value` without what is undefined in it, which the engine does not take either. */
export function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (!isBranch(value)) return value;
  const fields = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(fields.map(([name, item]) => [name, defined(item)]));
}
