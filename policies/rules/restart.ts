import { restartNeeded } from "../../infra/identity-config/restart";
import type { Rule } from "./rule";

const restartRequired: Rule = {
  id: "restart-required",
  severity: "info",
  title: "what hot reload does not apply is applied by a restart",
  why: "kratos logs that it has taken the change, and goes on as before until it is restarted",
  source:
    "ory/kratos v1.3.1 cmd/daemon/serve.go, driver/registry_default.go, courier/courier.go; seen on 1.3.1 and 26.2.0",
  versions: "the channels and the e-mail delivery of the courier: before 25.4.0",
  needs: "changes",
  check(review) {
    const waiting = new Map<string, string[]>();
    for (const { path, before, after } of review.changes ?? []) {
      // Kratos's default, said or not.
      if (path === "/courier/delivery_strategy" && (before ?? "smtp") === (after ?? "smtp")) continue;
      const what = restartNeeded(path, review);
      if (what !== undefined) waiting.set(what, [...(waiting.get(what) ?? []), path]);
    }
    return [...waiting].map(([what, paths]) => {
      const more = paths.length > 2 ? ` and ${paths.length - 2} more` : "";
      return {
        path: paths[0]!,
        message: `hot reload does not apply ${paths.slice(0, 2).join(", ")}${more}`,
        remedy: `restart ${what} after this update`,
      };
    });
  },
};

export const restartRules: Rule[] = [restartRequired];
