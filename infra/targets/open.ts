import { KratosTarget } from "./kratos/kratos-target";
import type { KratosSettings } from "./kratos/settings";
import type { Rendered, Target } from "./target";

/** Which target a config is for. */
export interface TargetSettings {
  /** A self-hosted Kratos. */
  kratos: KratosSettings;
}

/**
 * The target that `settings` name.
 * @param root The folder that relative paths start from.
 * @param rendered What the last update has handed to the program, as the state has it.
 */
export function openTarget({ kratos }: TargetSettings, root: string, rendered?: Rendered): Target {
  return new KratosTarget(kratos, root, rendered);
}
