import type { Output } from "@pulumi/pulumi";
import { Config } from "@pulumi/pulumi/config";
import { RunError } from "@pulumi/pulumi/errors";
import { getStack } from "@pulumi/pulumi/metadata";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config";
import type { EmailDeliveryArgs, HttpRequest } from "./components/courier";
import type { RequiredAalArgs } from "./components/flows";
import type { MultiFactorArgs, PasswordlessArgs } from "./components/methods";
import type { PromotionArgs } from "./components/promotion";
import type { RollbackArgs } from "./components/rollback";
import type { SignInProofArgs } from "./components/sign-in-proof";
import type { Acknowledgement } from "./identity-config/acknowledgement";
import { isEmptyObject } from "./identity-config/model";
import { problems } from "./settings-problems";
import { SETTINGS } from "./settings-schema";
import type { TargetSettings } from "./targets/open";

/** A stack's configuration after its check: what stacks/Pulumi.<stack>.yaml says. */
export interface ParsedSettings {
  target: TargetSettings;
  email: EmailDeliveryArgs;
  sms?: HttpRequest;
  secondFactor: MultiFactorArgs;
  passwordless: PasswordlessArgs;
  requiredAal: RequiredAalArgs;
  proof?: Omit<SignInProofArgs, "of">;
  /** Steps that rules refuse and that the stack consents to. */
  acknowledge: Acknowledgement[];
  /** The stage that proves what comes to this one. */
  promotion?: PromotionArgs;
  /** An earlier config that holds until it is removed. */
  rollback?: RollbackArgs;
  raw: Record<string, unknown>;
  /** Secrets by name; the config refers to them as `secret:<name>`. */
  secrets: Record<string, Output<string>>;
}

/** The current stack's configuration, as it comes: nothing in it can be trusted. */
type Settings = Record<string, unknown>;

const SECRETS = "secrets";

// Part of the SDK's runtime and left out of its types; there is no other way to ask without reading the value.
const { isConfigSecret } = runtimeConfig as unknown as { isConfigSecret(key: string): boolean };

/**
 * The checked configuration of the current stack. Throws RunError that names every wrong key and value by its path,
 * with what is allowed there.
 *
 * @example
 * const stack = stackSettings();
 * new IdentityConfig("shop", {
 *   target: stack.target,
 *   parts: [new EmailDelivery("email", stack.email), new MultiFactor("second-factor", stack.secondFactor)],
 *   secrets: stack.secrets,
 * });
 */
export function stackSettings(): ParsedSettings {
  const config = new Config();
  const prefix = `${config.name}:`;
  const set = Object.keys(runtimeConfig.allConfig())
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  const misplaced = set.filter((key) => key !== SECRETS && isConfigSecret(prefix + key));
  const settings: Settings = Object.fromEntries(
    set
      // What stands at a misplaced secret is not even looked at: a message about it could show it.
      .map((key) => [key, misplaced.includes(key) ? undefined : value(config, key)] as const)
      .filter(([key, setting]) => !(DEFAULTED.includes(key) && isEmptyObject(setting))),
  );
  const found = [
    ...misplaced.map((key) => misplacedSecret(prefix + key)),
    ...unencryptedSecrets(prefix + SECRETS, settings[SECRETS]),
    ...problems(settings, prefix),
  ];
  if (found.length > 0) {
    throw new RunError(`the configuration of stack "${getStack()}" cannot be used:\n  ${found.join("\n  ")}`);
  }
  return {
    secondFactor: {},
    passwordless: {},
    requiredAal: {},
    raw: {},
    ...settings,
    ...(settings.promotion !== undefined && { promotion: promotion(settings.promotion as PromotionNote) }),
    acknowledge: ((settings.acknowledge ?? []) as Acknowledgement[]).map(withDay),
    secrets: secrets(config),
  } as unknown as ParsedSettings;
}

/** An unquoted day of the stack's file arrives as a time: `2026-12-15 00:00:00 +0000 UTC`. */
const withDay = (entry: Acknowledgement): Acknowledgement => ({ ...entry, until: entry.until.slice(0, 10) });

/** What the stack's file notes of promotions. */
type PromotionNote = PromotionArgs & { revision?: string };

/** Keys of the stack's own file are no paths of a config, and the revision is for people. */
const promotion = ({ revision: _, keep = [], ...note }: PromotionNote): PromotionArgs => ({
  ...note,
  keep: keep.filter((kept) => kept.startsWith("/")),
});

/** A value that is no JSON is a plain string, and is reported as one. */
function value(config: Config, key: string): unknown {
  try {
    return config.getObject(key);
  } catch {
    return config.get(key);
  }
}

/** Keys that Pulumi.yaml gives an empty object where a stack leaves them out. */
const DEFAULTED = Object.keys(SETTINGS.properties).filter((key) => !SETTINGS.required.includes(key));

const SET_SECRET = "`pulumi config set --secret --path 'secrets.<name>'`";

/**
 * A secret inside any other object would reach the state in plaintext: the engine marks values by whole keys, and
 * reading an object drops the mark without a warning.
 */
const misplacedSecret = (key: string): string =>
  `${key} holds a secret, which would reach the state in plaintext; move it with ${SET_SECRET} and write secret:<name> in its place`;

const unencryptedSecrets = (key: string, setting: unknown): string[] =>
  setting === undefined || isConfigSecret(key)
    ? []
    : [`${key} is not encrypted; set each with ${SET_SECRET}`];

function secrets(config: Config): Record<string, Output<string>> {
  // The names are no secrets; each value is taken out of the secret object by itself.
  const names = Object.keys(config.getObject<Record<string, string>>(SECRETS) ?? {});
  const values = config.getSecretObject<Record<string, string>>(SECRETS);
  return Object.fromEntries(names.map((name) => [name, values!.apply((all) => all[name]!)]));
}
