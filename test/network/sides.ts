import { type Document, inlineUri } from "../../infra/identity-config/model";
import type { Properties } from "../../infra/provider/wire";
import { hashOf } from "../../infra/targets/network/texts";
import { CANARY, inputs, SCHEMA } from "./scene";

/** The two declarations that an update goes between. */
export type Side = "old" | "new";

const NEW_SCHEMA = SCHEMA.replace('"object"', '"object","title":"New"');

/** What an update goes between: methods, a secret, a schema, a path that leaves. */
export function declaration(project: string, which: Side): Properties {
  const isNew = which === "new";
  const config: Document = {
    selfservice: {
      methods: {
        code: { enabled: true, mfa_enabled: isNew, passwordless_enabled: !isNew },
        totp: { enabled: isNew },
      },
      ...(isNew ? {} : { default_browser_return_url: "https://old.shop.example/" }),
    },
    session: { lifespan: isNew ? "2h" : "90m" },
  };
  return inputs(config, {
    target: { network: { project, environment: "dev" } },
    assets: { "customer.json": isNew ? NEW_SCHEMA : SCHEMA },
    secrets: { "smtp-uri": `smtps://user:${CANARY}-${which}@mail.example:465/` },
  });
}

/** Which declaration a live config is; throws where it is neither, or half of each. */
export function sideOf(config: Document): Side {
  const { selfservice, session, courier, identity } = config as Record<string, Record<string, unknown>>;
  const { code, totp } = selfservice!.methods as { code: Document; totp?: Document };
  const marks = {
    mfa: code.mfa_enabled === true,
    passwordless: code.passwordless_enabled !== true,
    totp: totp?.enabled === true,
    lifespan: session!.lifespan === "2h0m0s" || session!.lifespan === "2h",
    secret: JSON.stringify(courier).includes(`${CANARY}-new`),
    released: selfservice!.default_browser_return_url !== "https://old.shop.example/",
    schema: defaultSchema(identity!) === NEW_SCHEMA,
  };
  const isNew = Object.values(marks);
  if (isNew.every(Boolean)) return "new";
  if (!isNew.some(Boolean)) return "old";
  throw new Error(`half of each: ${JSON.stringify(marks)}`);
}

/** The text of the default schema; throws where the old one is no longer listed beside the new one. */
function defaultSchema({ schemas, default_schema_id }: Record<string, unknown>): string | undefined {
  const urls = new Map((schemas as { id: string; url: string }[]).map(({ id, url }) => [id, url]));
  const found = [SCHEMA, NEW_SCHEMA].find((text) => isOf(text, urls.get(String(default_schema_id))));
  const isStored = [...urls.values()].some((url) => url.includes(hashOf(NEW_SCHEMA)));
  if (isStored && ![...urls.values()].some((url) => isOf(SCHEMA, url)))
    throw new Error("the old schema is gone");
  return found;
}

const isOf = (text: string, url: string | undefined): boolean =>
  url !== undefined && (url.includes(hashOf(text)) || url === inlineUri(text));
