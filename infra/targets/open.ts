import { KratosTarget } from "./kratos/kratos-target";
import type { KratosSettings } from "./kratos/settings";
import type { Target } from "./target";

/** Which target a config is for. */
export interface TargetSettings {
  /** A self-hosted Kratos that reads its configuration from files. */
  kratos: KratosSettings;
}

/** The target that `settings` name. @param root The folder that relative paths start from. */
export function openTarget({ kratos }: TargetSettings, root: string): Target {
  return new KratosTarget(kratos, root);
}
