import { isUri } from "./formats";
import type { Keys, List, Option, Variants } from "./kind";
import {
  choice,
  flag,
  keys,
  list,
  map,
  matching,
  open,
  reference,
  since,
  source,
  text,
  uri,
} from "./scalars";

/** How a request proves who sends it. */
export const auth = (): Variants => ({
  is: "variants",
  by: "type",
  topic: "auth",
  of: {
    api_key: keys(
      {
        type: text(),
        config: keys(
          { name: text(), value: text(), in: choice(["header", "cookie"], { topic: "auth" }) },
          { required: ["name", "value", "in"] },
        ),
      },
      { required: ["config"] },
    ),
    basic_auth: keys(
      {
        type: text(),
        config: keys({ user: text(), password: text() }, { required: ["user", "password"] }),
      },
      { required: ["config"] },
    ),
  },
});

const httpUrl = () =>
  matching(/^https?:\/\//, {
    expected: "a URL that starts with https:// or http://",
    right: ["https://gateway.example/send", "http://127.0.0.1:4000/"],
    wrong: ["ftp://gateway.example", "gateway.example", ""],
  });

/** What the courier sends to a gateway. @param defaults None in an array. */
export const courierRequest = (more: Partial<Keys> = {}, defaults = false): Keys =>
  keys(
    {
      url: httpUrl(),
      method: text(defaults ? { default: "POST" } : {}),
      headers: map(text()),
      body: source(),
      auth: auth(),
    },
    more,
  );

/** Jsonnet by URI; a text without a known scheme is taken as it stands. */
const hookBody = () =>
  text({
    test: (value) => !/^(http|https|file|base64):\/\//.test(value) || isUri(value),
    expected: "the URI of a Jsonnet",
    right: ["base64://e30=", "function(ctx) {}", ""],
    wrong: ["https://a b/"],
    topic: "uri-scheme",
  });

/** The request of a hook that asks whether a password is right, before it is known here. */
export const migrationRequest = (): Keys =>
  keys({
    url: uri(),
    method: choice(["POST"], { default: "POST" }),
    headers: map(text()),
    body: since("25.4.0", source()),
    emit_analytics_event: flag(true),
    auth: auth(),
  });

const webHook = (): Keys =>
  keys(
    {
      hook: text(),
      config: keys(
        {
          id: since("25.4.0", text()),
          url: uri(),
          method: text(),
          headers: map(text()),
          body: hookBody(),
          can_interrupt: flag(),
          emit_analytics_event: flag(),
          auth: auth(),
          response: keys(
            { ignore: flag(), parse: flag() },
            { when: [{ at: "/ignore", is: [true], excludes: [{ key: "parse", values: [true] }] }] },
          ),
        },
        {
          required: ["url", "method"],
          when: [
            { at: "/response/ignore", is: [true], excludes: [{ key: "can_interrupt", values: [true] }] },
          ],
        },
      ),
    },
    { required: ["config"] },
  );

const bare = (): Keys => keys({ hook: text() });
const organization = (): Keys => keys({ hook: text(), config: open({}) }, { required: ["config"] });

/** Every hook, by the name that `hook` calls it. */
const HOOKS: Record<string, () => Keys> = {
  web_hook: webHook,
  session: bare,
  revoke_active_sessions: bare,
  require_verified_address: bare,
  verification: bare,
  show_verification_ui: bare,
  b2b_sso: organization,
  organization,
  verify_new_address: bare,
  notify_previous_addresses: () => keys({ hook: text(), config: open({}) }),
};

/** A list of hooks. @param newer More of them, by the first version that takes them there. */
export function hooks(names: readonly string[], newer: Record<string, string[]> = {}): List {
  const later: Option[] = Object.entries(newer).flatMap(([version, list]) =>
    list.map((value) => ({ value, since: version })),
  );
  const all: Option[] = [...names.map((value) => ({ value })), ...later];
  const of = Object.fromEntries(
    all.map(({ value, since: version }) => {
      const hook = HOOKS[value as string]!();
      return [value as string, version === undefined ? hook : since(version, hook)];
    }),
  );
  return list({ is: "variants", by: "hook", of, topic: "hook" }, { unique: true });
}

/** What follows a flow: where to go, and hooks. */
export const after = (hookList: List, methods: Keys["keys"] = {}): Keys =>
  keys({ default_browser_return_url: reference(), hooks: hookList, ...methods });
