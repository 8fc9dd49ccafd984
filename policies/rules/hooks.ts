import { isDeepStrictEqual } from "node:util";
import { isBranch, isUnknown } from "../../infra/identity-config/model";
import { join } from "../../infra/identity-config/path";
import { elementsAt, type Located, readAt } from "../../infra/identity-config/reading";
import { type Condition, undecided } from "./condition";
import { contentTypeFaults } from "./content-type";
import { FLOWS } from "./factors";
import type { Rule, Violation } from "./rule";

/** Every flow that hooks stand in. */
const HOOKED = ["login", "registration", "settings", "recovery", "verification"].map(
  (flow) => `${FLOWS}/${flow}`,
);

const webHookBody: Rule = {
  id: "web-hook-body-required",
  severity: "mandatory",
  title: "a web hook has a body",
  why: "kratos cannot make the request, and every flow that the hook stands in fails",
  source: "ory/kratos v1.3.1 request/builder.go, addBody; the same in v26.2.0",
  needs: "effective",
  check: ({ effective }) => everyHook(effective).flatMap(bodiless),
};

const webHookContentType: Rule = {
  id: "web-hook-content-type",
  severity: "mandatory",
  title: "a web hook is sent as JSON or as a form",
  why: "kratos cannot make the request, and every flow that the hook stands in fails",
  source: "ory/kratos v1.3.1 request/builder.go, addBody; the same in v26.2.0",
  needs: "effective",
  check: ({ effective }) =>
    everyHook(effective)
      .filter(({ value }) => readAt(value, "/hook") === "web_hook")
      .flatMap(({ path, value }) =>
        contentTypeFaults(`${path}/config`, readAt(value, "/config"), "every such flow fails"),
      ),
};

const everyHook = (document: unknown): Located[] =>
  HOOKED.flatMap((flow) => hookLists(document, flow)).flatMap(({ hooks }) => hooks);

function bodiless({ path, value }: Located): Violation[] {
  if (isUnknown(value)) return [undecided(path)];
  if (readAt(value, "/hook") !== "web_hook" || !isBranch(readAt(value, "/config"))) return [];
  const [body, method] = [readAt(value, "/config/body"), readAt(value, "/config/method")];
  // Kratos takes an empty text for none, and lets only this method go without.
  if ((body !== undefined && body !== "") || method === "TRACE") return [];
  const at = `${path}/config/body`;
  if (isUnknown(method)) return [undecided(`${path}/config/method`)];
  return [
    {
      path: at,
      message: "the web hook has no body, so every such flow fails",
      remedy: `set ${at} to a Jsonnet such as function(ctx) { flow: ctx.flow.id }`,
    },
  ];
}

const shadowedHooks: Rule = {
  id: "hooks-shadow-global",
  severity: "advisory",
  title: "hooks for all methods run for all methods",
  why: "a method with hooks of its own runs only those: a call that everybody expects does not happen for it",
  source: "ory/kratos v1.3.1 driver/registry_default_login.go, PostLoginHooks",
  needs: "effective",
  check: ({ effective }) =>
    HOOKED.flatMap((flow) => {
      const lists = hookLists(effective, flow);
      const global = lists.find(({ path }) => path === `${flow}/after/hooks`)?.hooks ?? [];
      return lists
        .filter(({ method, hooks }) => method !== undefined && hooks.length > 0)
        .flatMap(({ path, method, hooks }) => {
          const all = [...global, ...hooks];
          if (all.some(({ value }) => isUnknown(value))) return [];
          const lost = global.filter(
            (one) => !hooks.some(({ value }) => isDeepStrictEqual(value, one.value)),
          ).length;
          if (lost === 0) return [];
          return [
            {
              path,
              message: `${lost} of the hooks at ${flow}/after/hooks ${lost === 1 ? "does" : "do"} not run for ${method}, which has hooks of its own`,
              remedy: `repeat ${lost === 1 ? "it" : "them"} at ${path}, or remove the hooks there`,
            },
          ];
        });
    }),
};

interface HookList {
  path: string;
  /** The method that the list is for; none where it is for all, or runs before the flow. */
  method?: string;
  hooks: Located[];
}

/**
 * Whether `hook` runs after the flow by `method`: its own hooks, or those for all methods where it has none.
 * @param flow `login`, `settings`.
 */
export function runsAfter(document: unknown, flow: string, method: string, hook: string): Condition {
  const own = `${FLOWS}/${flow}/after/${method}/hooks`;
  const hasOwn = elementsAt(document, own).length > 0;
  return stands(document, hasOwn ? own : `${FLOWS}/${flow}/after/hooks`, hook);
}

/** Whether `hook` stands in the list at `path`. */
export function stands(document: unknown, path: string, hook: string): Condition {
  const hooks = elementsAt(document, path).map(({ value }) => readAt(value, "/hook"));
  if (hooks.includes(hook)) return { holds: true, path };
  return { holds: hooks.some(isUnknown) ? undefined : false, path };
}

/** Every list of hooks of the flow at `flow`. */
function hookLists(document: unknown, flow: string): HookList[] {
  const after = readAt(document, `${flow}/after`);
  const keys = isBranch(after) && !isUnknown(after) ? Object.keys(after) : [];
  const methods = keys.filter((key) => !["hooks", "default_browser_return_url"].includes(key));
  return [
    ...[`${flow}/before/hooks`, `${flow}/after/hooks`].map((path) => ({ path })),
    ...methods.map((method) => ({ path: `${join(`${flow}/after`, method)}/hooks`, method })),
  ].map((list) => ({ ...list, hooks: elementsAt(document, list.path) }));
}

export const hookRules: Rule[] = [webHookBody, webHookContentType, shadowedHooks];
