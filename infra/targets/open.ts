import type { Environment } from "../identity-config/model";
import { KratosTarget } from "./kratos/kratos-target";
import type { KratosSettings } from "./kratos/settings";
import type { NetworkConnection } from "./network/connection";
import { NetworkTarget } from "./network/network-target";
import type { NetworkSettings } from "./network/settings";
import type { Rendered, Target } from "./target";

/** Which target a config is for. */
export type TargetSettings =
  /** A self-hosted Kratos. */
  | { kratos: KratosSettings; network?: undefined }
  /** A project on Ory Network. */
  | { network: NetworkSettings; kratos?: undefined };

/** What targets are reached with. */
export interface Surroundings {
  /** The folder that relative paths start from. */
  root: string;
  /** Ory Network, as this process reaches it. */
  network: NetworkConnection;
}

/**
 * The target that `settings` name.
 * @param rendered What the last update has handed to the program, as the state has it.
 */
export function openTarget(
  { kratos, network }: TargetSettings,
  surroundings: Surroundings,
  rendered?: Rendered,
): Target {
  if (network !== undefined) return new NetworkTarget(network, surroundings.network);
  return new KratosTarget(kratos, surroundings.root, rendered);
}

/** What the target is for. A Kratos that does not say counts as `prod`, so that no gate is left out by mistake. */
export const environmentOf = ({ kratos, network }: TargetSettings): Environment =>
  (network ?? kratos).environment ?? "prod";
