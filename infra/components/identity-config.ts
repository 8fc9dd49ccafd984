import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import * as log from "@pulumi/pulumi/log";
import { CustomResource } from "@pulumi/pulumi/resource";
import type { Acknowledgement } from "../identity-config/acknowledgement";
import { ConflictError, type Fragment, merge } from "../identity-config/merge";
import type { Promotable } from "../identity-config/promotion/promotable";
import type { TargetSettings } from "../targets/open";
import type { Evidence } from "../targets/target";
import type { Part } from "./part";
import { type PromotionArgs, promotedFrom } from "./promotion";
import { type RollbackArgs, rolledBack } from "./rollback";
import { seal } from "./seal";

/** Arguments of IdentityConfig. */
export interface IdentityConfigArgs {
  /** Where the identity config lives. Another target means another resource; the old target stays as it stands. */
  target: TargetSettings;
  /** The parts that make up the config; their order does not matter. Default: none. */
  parts?: Part[];
  /** Any other keys of the document, in Kratos's words; leaves may be Outputs. Default: none. */
  raw?: Record<string, unknown>;
  /** The same as `raw`, as `pulumi import` generates it; to be moved into parts step by step. Default: none. */
  config?: Record<string, unknown>;
  /** Texts by name, to which a leaf of `raw` or `config` may refer as `asset:<name>`. Default: none. */
  assets?: Record<string, string>;
  /** Secrets by name; any leaf may refer to one as `secret:<name>`. Default: none. */
  secrets?: Record<string, Input<string>>;
  /**
   * Paths that, when they leave the declaration, stay as they stand instead of falling back to their default, such as
   * `/courier/channels[id=sms]`. Default: none.
   */
  release?: string[];
  /** Steps that rules refuse and that you consent to; a refusal says what to write. Default: none. */
  acknowledge?: Acknowledgement[];
  /**
   * The stage that has to prove this config by a SignInProof before it comes here. What it has not proven is refused,
   * but for what was promoted here before. Default: none.
   */
  promotion?: PromotionArgs;
  /** An earlier config that holds instead of what the program declares. Default: none. */
  rollback?: RollbackArgs;
}

/**
 * The identity config of one target, merged from all parts and written at once.
 * @example
 * ```ts
 * new IdentityConfig("shop", {
 *   target: { kratos: { name: "shop", dir: "/etc/kratos" } },
 *   parts: [new MultiFactor("second-factor", { totp: true, lookupSecret: true })],
 * });
 * ```
 */
export class IdentityConfig extends CustomResource {
  /** @internal Type token, by which policies find the class. */
  static readonly __pulumiType = "ory:index:IdentityConfig";

  declare readonly target: Output<TargetSettings>;
  /** The target as the program names it; the output is as it was with the last update that changed something. */
  readonly declaredTarget: TargetSettings;
  /** The declared document, in which `asset:<name>` and `secret:<name>` stand for texts and secrets. */
  declare readonly config: Output<Record<string, unknown>>;
  /** The target's version of the config; changes with every write. */
  declare readonly revision: Output<string>;
  /** Identifies the declaration apart from its target and secrets: SHA-256, hexadecimal. */
  declare readonly digest: Output<string>;
  /** What of the declaration is promoted to other stages; the result of a SignInProof carries it there. */
  declare readonly promotable: Output<Promotable>;
  /** The paths that this resource manages. */
  declare readonly owned: Output<string[]>;
  /**
   * With `transport: "output"`: the content of identity.yml, a secret, for the program to bring to the server. Throws
   * RunError with any other target.
   */
  declare readonly rendered: Output<string>;
  /** With `transport: "output"`: the marker that a server shows which has loaded `rendered`, and where. */
  declare readonly evidence?: Output<Evidence>;

  /** Throws RunError where two parts, or a part and `raw`, declare different values for one path. */
  constructor(name: string, args: IdentityConfigArgs, opts?: CustomResourceOptions) {
    if (args === undefined)
      throw new RunError(`IdentityConfig "${name}": its arguments are missing; pass target and parts`);
    const { target, parts = [], raw = {}, config = {}, assets = {}, secrets = {}, release = [] } = args;
    const { acknowledge, promotion, rollback } = args;
    const fragments = [
      ...fragmentsOf(name, parts),
      { part: "raw", document: raw },
      { part: "config", document: config },
    ];
    const program = seal(merged(name, fragments), secrets, assets);
    const earlier = rollback && rolledBack(name, rollback, program, secrets);
    const handsOver = target?.kratos?.transport === "output";
    const computed = { revision: undefined, digest: undefined, promotable: undefined, owned: undefined };
    const handedOver = handsOver ? { rendered: undefined, evidence: undefined } : {};
    super(
      IdentityConfig.__pulumiType,
      name,
      {
        target,
        ...(earlier?.sealed ?? program),
        release,
        acknowledge,
        promotion: promotion && promotedFrom(name, promotion),
        ...computed,
        ...handedOver,
      },
      opts,
    );
    this.declaredTarget = target;
    if (earlier !== undefined)
      log
        .warn(
          `rolled back to ${earlier.version}: what the program declares does not hold until the rollback ends`,
          this,
        )
        .catch(() => undefined);
    if (!handsOver) Object.defineProperty(this, "rendered", { get: () => refuseRendered(name) });
  }
}

function refuseRendered(name: string): never {
  throw new RunError(
    `IdentityConfig "${name}" has no rendered config: it is written to a file; give its target transport: "output"`,
  );
}

function fragmentsOf(name: string, parts: Part[]): Fragment[] {
  const wrong = (what: string) =>
    new RunError(`IdentityConfig "${name}": ${what}; pass a list of parts, such as new MultiFactor(…)`);
  if (!Array.isArray(parts)) throw wrong("parts is no list");
  return parts.map((part, index) => {
    if (!(part?.fragment instanceof Object)) throw wrong(`parts[${index}] is no part`);
    return part.fragment;
  });
}

function merged(name: string, fragments: Fragment[]): Record<string, unknown> {
  try {
    return merge(fragments);
  } catch (error) {
    if (error instanceof ConflictError) throw new RunError(`IdentityConfig "${name}": ${error.message}`);
    if (error instanceof RangeError) {
      throw new RunError(
        `IdentityConfig "${name}": an object in raw or a part contains itself, or is nested too deeply`,
      );
    }
    throw error;
  }
}
