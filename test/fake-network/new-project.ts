import { randomUUID } from "node:crypto";
import type { Project, ProjectEnvironmentEnum } from "@ory/client";
import { type Document, inlineUri } from "../../infra/identity-config/model";

/** A project to start with. What is not given is as in a new project of Ory Network. */
export interface ProjectSeed {
  /** @default a random UUID */
  id?: string;
  /** @default two words and ten characters, made from the id */
  slug?: string;
  /** @default the slug */
  name?: string;
  /** @default "dev" */
  environment?: ProjectEnvironmentEnum;
  /** The identity config. It goes through the quirks like anything that is written. @default newIdentityConfig() */
  config?: Document;
  /** Other keys of the project, such as `cors_public` or `organizations`. */
  more?: Partial<Project>;
  /** A running Kratos that answers for the project. It does not follow what is written here by itself. */
  kratos?: KratosUrls;
}

/** Base URLs of a running Kratos. */
export interface KratosUrls {
  publicUrl: string;
  adminUrl: string;
}

/** A project's first document, before the quirks. */
export function newProject(seed: ProjectSeed, workspaceId: string): Project {
  const id = seed.id ?? randomUUID();
  const slug = seed.slug ?? `fake-project-${id.replaceAll("-", "").slice(0, 10)}`;
  return {
    id,
    slug,
    name: seed.name ?? slug,
    revision_id: randomUUID(),
    state: "running",
    environment: seed.environment ?? "dev",
    home_region: "eu-central",
    workspace_id: workspaceId,
    cors_admin: { enabled: false, origins: [] },
    cors_public: { enabled: false, origins: [] },
    organizations: [],
    services: {
      identity: { config: seed.config ?? newIdentityConfig() },
      oauth2: { config: { ttl: { access_token: "1h0m0s" } } },
      permission: { config: { namespaces: [] } },
      account_experience: { config: { default_locale: "en" } },
    },
    ...seed.more,
  };
}

const SCHEMA = {
  $id: "https://schemas.ory.sh/presets/kratos/identity.email.schema.json",
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Person",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: {
          type: "string",
          format: "email",
          title: "E-Mail",
          "ory.sh/kratos": {
            credentials: {
              password: { identifier: true },
              code: { identifier: true, via: "email" },
            },
            recovery: { via: "email" },
            verification: { via: "email" },
          },
        },
      },
      required: ["email"],
      additionalProperties: false,
    },
  },
};

/** The identity config of a new project: sign-in with e-mail address and password, no second factor. */
export function newIdentityConfig(): Document {
  const ui = (page: string) => `/ui/${page}`;
  const signedUp = { hooks: [{ hook: "session" }] };
  return {
    cookies: { path: "/", same_site: "Lax" },
    courier: { delivery_strategy: "smtp" },
    feature_flags: { cacheable_sessions: false, use_continue_with_transitions: true },
    identity: {
      default_schema_id: "email",
      schemas: [{ id: "email", url: inlineUri(JSON.stringify(SCHEMA)) }],
    },
    oauth2_provider: { override_return_to: true },
    security: { account_enumeration: { mitigate: false } },
    selfservice: {
      allowed_return_urls: ["https://shop.example"],
      default_browser_return_url: ui("welcome"),
      flows: {
        error: { ui_url: ui("error") },
        login: { style: "unified", ui_url: ui("login") },
        recovery: { enabled: true, notify_unknown_recipients: false, ui_url: ui("recovery"), use: "code" },
        registration: {
          enabled: true,
          ui_url: ui("registration"),
          after: {
            code: signedUp,
            oidc: signedUp,
            passkey: signedUp,
            password: signedUp,
            webauthn: signedUp,
          },
        },
        settings: {
          privileged_session_max_age: "15m",
          required_aal: "highest_available",
          ui_url: ui("settings"),
        },
        verification: {
          enabled: true,
          notify_unknown_recipients: false,
          ui_url: ui("verification"),
          use: "code",
        },
      },
      methods: {
        code: { config: { lifespan: "15m" }, enabled: true, mfa_enabled: false, passwordless_enabled: false },
        link: { enabled: false },
        password: { enabled: true },
        totp: { enabled: false },
      },
    },
    session: { lifespan: "72h", whoami: { required_aal: "highest_available" } },
  };
}
