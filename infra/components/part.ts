import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { ComponentResource } from "@pulumi/pulumi/resource";
import type { Fragment } from "../identity-config/merge";

/** A tree whose leaves may be Outputs; undefined leaves are not declared. */
export type Fields = { [key: string]: unknown };

/** A component that contributes a fragment of an identity config. Pass it to IdentityConfig's `parts`. */
export abstract class Part extends ComponentResource {
  /** What this part declares. */
  readonly fragment: Fragment;

  /** @param kind The class's name, which is also its type in `ory:index:<kind>`. */
  protected constructor(kind: string, name: string, document: Fields, opts?: ComponentResourceOptions) {
    if (typeof name !== "string" || name === "")
      throw new RunError(`${kind}: its name is missing; pass one as the first argument`);
    // Arguments sent to the engine would show every change twice, and secrets among them.
    super(`ory:index:${kind}`, name, {}, opts);
    this.fragment = { part: `${kind} "${name}"`, document };
    this.registerOutputs({});
  }
}

/** How a courier authenticates at an HTTP endpoint: by one header or cookie, or by HTTP basic authentication. */
export type HttpAuth =
  | {
      /** Name of the header that carries `value`. */
      header: Input<string>;
      value: Input<string>;
      cookie?: undefined;
      user?: undefined;
      password?: undefined;
    }
  | {
      /** Name of the cookie that carries `value`. */
      cookie: Input<string>;
      value: Input<string>;
      header?: undefined;
      user?: undefined;
      password?: undefined;
    }
  | {
      user: Input<string>;
      password: Input<string>;
      header?: undefined;
      cookie?: undefined;
      value?: undefined;
    };

/** `auth` in Kratos's words. */
export function authFields(auth: HttpAuth | undefined): Fields | undefined {
  if (auth === undefined) return undefined;
  if (auth.user !== undefined) {
    return { type: "basic_auth", config: { user: auth.user, password: auth.password } };
  }
  const [name, where] = auth.header !== undefined ? [auth.header, "header"] : [auth.cookie, "cookie"];
  return { type: "api_key", config: { name, value: auth.value, in: where } };
}
