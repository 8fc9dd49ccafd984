import { Config, getStack, type Output, RunError, runtime } from "@pulumi/pulumi";
import type { EmailDeliveryArgs, HttpRequest } from "./components/courier";
import type { RequiredAalArgs } from "./components/flows";
import type { MultiFactorArgs, PasswordlessArgs } from "./components/methods";
import type { SignInProofArgs } from "./components/sign-in-proof";
import { problems, SETTINGS } from "./settings-schema";
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
  raw: Record<string, unknown>;
  /** Secrets by name; the config refers to them as `secret:<name>`. */
  secrets: Record<string, Output<string>>;
}

/** The current stack's configuration, as it comes: nothing in it can be trusted. */
type Settings = Record<string, unknown>;

const SECRETS = "secrets";

// Part of the SDK's runtime and left out of its types; there is no other way to ask without reading the value.
const { isConfigSecret } = runtime as unknown as { isConfigSecret(key: string): boolean };

/**
 * The checked configuration of the current stack. Throws RunError that names every wrong key and value by its path,
 * with what is allowed there.
 */
export function stackSettings(): ParsedSettings {
  const config = new Config();
  const prefix = `${config.name}:`;
  const set = Object.keys(runtime.allConfig())
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  const read = [...set, ...SETTINGS.required].filter((key, index, all) => all.indexOf(key) === index);
  const settings: Settings = Object.fromEntries(
    read.filter((key) => key !== SECRETS).map((key) => [key, value(config, key)]),
  );
  const found = [...misplacedSecrets(config, set), ...problems(settings, prefix)];
  if (found.length > 0) {
    throw new RunError(`the configuration of stack "${getStack()}" cannot be used:\n  ${found.join("\n  ")}`);
  }
  const { sms, proof, ...rest } = settings;
  return {
    secondFactor: {},
    passwordless: {},
    requiredAal: {},
    raw: {},
    ...rest,
    ...(isFilled(sms) && { sms }),
    ...(isFilled(proof) && { proof }),
    secrets: secrets(config),
  } as ParsedSettings;
}

/** A value that is no JSON is a plain string, and is reported as one. */
function value(config: Config, key: string): unknown {
  try {
    return config.getObject(key);
  } catch {
    return config.get(key);
  }
}

/** Pulumi.yaml gives keys that a stack leaves out an empty object. */
const isFilled = (setting: unknown): boolean => Object.keys(setting ?? {}).length > 0;

/**
 * A secret inside any other object would reach the state in plaintext: the engine marks values by whole keys, and
 * reading an object drops the mark without a warning.
 */
function misplacedSecrets(config: Config, set: string[]): string[] {
  return set.flatMap((key) => {
    const full = `${config.name}:${key}`;
    const secret = isConfigSecret(full);
    if (key === SECRETS) {
      const plain = !secret && isFilled(value(config, key));
      return plain
        ? [`${full} is not encrypted; set each with \`pulumi config set --secret --path 'secrets.<name>'\``]
        : [];
    }
    return secret
      ? [
          `${full} holds a secret, which would reach the state in plaintext; move it with \`pulumi config set --secret --path 'secrets.<name>'\` and write secret:<name> in its place`,
        ]
      : [];
  });
}

function secrets(config: Config): Record<string, Output<string>> {
  // The names are no secrets; each value is taken out of the secret object by itself.
  const names = Object.keys(config.getObject<Record<string, string>>(SECRETS) ?? {});
  const values = config.getSecretObject<Record<string, string>>(SECRETS);
  return Object.fromEntries(names.map((name) => [name, values!.apply((all) => all[name]!)]));
}
