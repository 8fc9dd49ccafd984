import type { Input } from "@pulumi/pulumi";
import { type Asset, assetNamed } from "./asset";
import { authFields, type Fields, type HttpAuth } from "./part";

/**
 * A call of an HTTP endpoint in a flow. By default Kratos waits for the answer (30 s at most) and fails the flow at a
 * status of 400 or more; after sign-up the identity is there by then.
 */
export type WebHook = {
  hook: "web_hook";
  /** What is called. */
  url: Input<string>;
  /** Default: `POST`. */
  method?: Input<string>;
  /**
   * Jsonnet text `function(ctx) …` that makes the request's body; without one, Kratos fails every such flow. `ctx` has
   * `flow`, `identity` and `session` (where there are any), `request_url`, `request_method`, `request_headers` and
   * `request_cookies`. `error "cancel"` skips the call.
   */
  body: Asset | Input<string>;
  /** Default: none. */
  auth?: HttpAuth;
  /** Further request headers. `Content-Type` must be application/json or application/x-www-form-urlencoded. */
  headers?: Record<string, Input<string>>;
  /** Names the hook in logs and errors. From v25.4.0 on; refused before. Default: none. */
  id?: Input<string>;
  /** Whether traces tell of the call. Default: true. */
  emitAnalyticsEvent?: Input<boolean>;
} & (
  | {
      /**
       * `ignore`: Kratos goes on without waiting, whatever comes back. `parse`: Kratos calls before anything is saved;
       * the answer may change the identity or, at a status of 400 or more, refuse the flow with messages.
       */
      response: "ignore";
      canInterrupt?: undefined;
    }
  | {
      response?: "parse";
      /** As `parse`, but the answer cannot change the identity. Deprecated by Kratos. Default: false. */
      canInterrupt?: Input<boolean>;
    }
);

/** `config` in Kratos's words. @param name Names the body's text in diffs. */
export function webHookFields(name: string, args: Omit<WebHook, "hook">): Fields {
  const { url, method = "POST", body, auth, headers, id, emitAnalyticsEvent, response, canInterrupt } = args;
  return {
    id,
    url,
    method,
    body: assetNamed(`${name}.jsonnet`, body),
    headers,
    auth: authFields(auth),
    response: response && { [response]: true },
    can_interrupt: canInterrupt,
    emit_analytics_event: emitAnalyticsEvent,
  };
}
