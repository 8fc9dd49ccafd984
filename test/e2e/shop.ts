import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { emailTrait, schemaUrl } from "../kratos/config";
import type { Kratos } from "../kratos/server";

/** An operator's own configuration that a Kratos starts with. */
export const operator: Document = {
  selfservice: { default_browser_return_url: "https://shop.example/" },
  identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }] },
};

/** Writes the operator's file of a Kratos that does not run into `dir`, which is made. */
export async function operatorFolder(dir: string): Promise<void> {
  await mkdir(dir);
  const document = { selfservice: { default_browser_return_url: "https://shop.example/" } };
  await writeFile(join(dir, "kratos.yml"), stringify(document));
}

/** The files of a Kratos that is going to be managed. */
export const files = { "kratos.yml": operator, "identity.yml": {} };

/** A program that declares one IdentityConfig for `kratos`; `parts` and `more` are TypeScript. */
export function shop(
  kratos: Pick<Kratos, "dir" | "adminUrl">,
  binary: string,
  parts: string,
  more = "",
): string {
  const target = {
    kratos: { name: "shop", environment: "dev", dir: kratos.dir, binary, adminUrls: [kratos.adminUrl] },
  };
  return `
const customer = new ory.IdentitySchema("customer", {
  default: true,
  traits: { email: ory.email({ required: true, identifies: ["password", "code"], recover: true }) },
});
export const revision = new ory.IdentityConfig("shop", {
  target: ${JSON.stringify(target)},
  parts: [customer, ${parts}],
  ${more}
}).revision;
`;
}

export const CODES = 'new ory.MultiFactor("second-factor", { code: true, totp: true })';
