import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Part } from "./part";

/** How long sessions last, in Go duration strings such as `72h` or `15m`. What is left out is not managed. */
export interface SessionLifetimeArgs {
  /** How long a session lasts from sign-in (`session.lifespan`). Default: Kratos's, 24h. */
  lifespan?: Input<string>;
  /**
   * A session can be extended in the last so much of its life (`session.earliest_possible_extend`). Default: Kratos
   * extends it at any time.
   */
  earliestPossibleExtend?: Input<string>;
  /**
   * How long after signing in a user may change credentials and addresses without signing in again
   * (`selfservice.flows.settings.privileged_session_max_age`). Default: Kratos's, 1h.
   */
  privilegedSessionMaxAge?: Input<string>;
  /** Whether the session outlives the browser being closed (`session.cookie.persistent`). Default: Kratos's, true. */
  persistent?: Input<boolean>;
}

/**
 * How long people stay signed in. Sessions that exist keep the lifespan that they began with.
 * @example
 * ```ts
 * new SessionLifetime("session", { lifespan: "72h", privilegedSessionMaxAge: "15m" });
 * ```
 */
export class SessionLifetime extends Part {
  constructor(name: string, args: SessionLifetimeArgs, opts?: ComponentResourceOptions) {
    const { lifespan, earliestPossibleExtend, privilegedSessionMaxAge, persistent } = args;
    const document = {
      session: {
        lifespan,
        earliest_possible_extend: earliestPossibleExtend,
        cookie: { persistent },
      },
      selfservice: { flows: { settings: { privileged_session_max_age: privilegedSessionMaxAge } } },
    };
    super("SessionLifetime", name, document, opts);
  }
}

/** Where browsers send a cookie. */
interface CookieScope {
  /** Domain, to share the cookie among its subdomains. Default: the host of the request. */
  domain?: Input<string>;
  /** Path below which it is sent. Default: `/`. */
  path?: Input<string>;
  /** Whether other sites' pages make the browser send it. Default: `Lax`. */
  sameSite?: Input<"Strict" | "Lax" | "None">;
}

/** Arguments of Cookies: the scope of all cookies, and what differs for the session's. */
export interface CookiesArgs extends CookieScope {
  /** The session's cookie; its scope falls back to that of all cookies. */
  session?: CookieScope & {
    /** Default: Kratos's, `ory_kratos_session`. Another name signs everybody out of the browser. */
    name?: Input<string>;
  };
}

/**
 * The cookies that Kratos sets in browsers.
 * @example
 * ```ts
 * new Cookies("cookies", { domain: "shop.example", sameSite: "Lax", session: { name: "shop_session" } });
 * ```
 */
export class Cookies extends Part {
  constructor(name: string, { session, ...all }: CookiesArgs, opts?: ComponentResourceOptions) {
    const document = {
      cookies: scopeFields(all),
      session: { cookie: session && { name: session.name, ...scopeFields(session) } },
    };
    super("Cookies", name, document, opts);
  }
}

const scopeFields = ({ domain, path, sameSite }: CookieScope) => ({ domain, path, same_site: sameSite });
