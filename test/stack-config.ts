import { type Output, RunError, runtime } from "@pulumi/pulumi";

/** A stack's configuration, by key below the project's name. */
export type Config = Record<string, unknown>;

export const target = { kratos: { name: "shop-prod", dir: "/etc/kratos" } };

/** The smallest configuration that is accepted. */
export const valid: Config = { target, email: { smtp: { connectionUri: "secret:smtp-uri" } } };

/** Makes this the program of stack "prod" of project "shop". */
export const startStack = (): Promise<void> =>
  runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "shop", "prod");

/** Sets the stack's configuration as the engine hands it to a program: objects as JSON, texts as they are. */
export function configure(config: Config, secretKeys: string[] = []): void {
  const encoded = Object.entries(config).map(([key, value]) => [
    `shop:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  runtime.setAllConfig(
    Object.fromEntries(encoded),
    secretKeys.map((key) => `shop:${key}`),
  );
}

/** The error that lists these problems of stack "prod". */
export const refusal = (...problems: string[]): RunError =>
  new RunError(['the configuration of stack "prod" cannot be used:', ...problems].join("\n  "));

/** The value that `output` resolves to. */
export const settled = <T>(output: Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });
