import { identitySchemas, type TraitExtension, traitName } from "../../infra/identity-config/identity-schema";
import { readAt, shown } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import type { Rule, Violation } from "./rule";
import { isVerified, type Kind, receivesCodes, recovers } from "./traits";

const codeVia: Rule = {
  id: "schema-code-via",
  severity: "mandatory",
  title: "a trait that codes are sent to says how they are sent",
  why: "kratos starts, then refuses every identity that has the trait: nobody can sign up with it or change it",
  source: "ory/kratos v1.3.1 identity/extension_credentials.go, Run; the same in v26.2.0",
  needs: "declared",
  check: ({ effective }) =>
    eachTrait(effective, hasCodeWithoutVia, (trait) => ({
      message: `the trait ${trait} identifies for codes, but does not say whether by email or sms`,
      remedy: `add via: "email" or via: "sms" to credentials.code of the trait ${trait}`,
    })),
};

const hasCodeWithoutVia: Kind = ({ extension }) => {
  const code = readAt(extension, "/credentials/code");
  return readAt(code, "/identifier") === true && [undefined, ""].includes(readAt(code, "/via") as undefined);
};

const smsVerificationFormat: Rule = {
  id: "schema-sms-verification-format",
  severity: "mandatory",
  title: "a phone that is verified has a format",
  why: "kratos starts, then refuses every identity that has the trait: nobody can sign up with it or change it",
  source: "ory/kratos v1.3.1 identity/extension_verification.go, Run; the same in v26.2.0",
  needs: "declared",
  check: ({ effective }) =>
    eachTrait(effective, verifiesWithoutFormat, (trait) => ({
      message: `the trait ${trait} is verified by sms and has no format`,
      remedy: `add format: "tel" to the trait ${trait}`,
    })),
};

const verifiesWithoutFormat: Kind = (trait) =>
  isVerified("sms")(trait) && (trait.format === undefined || trait.format === "");

const phoneFormat: Rule = {
  id: "schema-phone-format",
  severity: "advisory",
  title: "a phone number that is verified has the format tel",
  why: "kratos takes any text for the number, and the message to it never arrives",
  source: "ory/kratos v1.3.1 identity/extension_credentials.go, x/normalize.go",
  needs: "declared",
  check: ({ effective }) =>
    eachTrait(effective, isLoosePhone, (trait, { format }) => ({
      message: `the trait ${trait} is verified by sms, but its format is ${shown(format)}`,
      remedy: `set format: "tel" of the trait ${trait}, which takes international numbers only, such as +4917612345678`,
    })),
};

/** Where codes or recovery need the number, Kratos checks it whatever the format. */
const isLoosePhone: Kind = (trait) =>
  isVerified("sms")(trait) &&
  ![receivesCodes("sms"), recovers("sms")].some((kind) => kind(trait)) &&
  trait.format !== "tel" &&
  !verifiesWithoutFormat(trait);

/** A violation for each trait of the kind; a note for each schema that cannot be read. */
function eachTrait(
  document: unknown,
  kind: Kind,
  violation: (name: string, trait: TraitExtension) => Omit<Violation, "path">,
): Violation[] {
  return identitySchemas(document).flatMap(({ path, unreadable, extensions }) =>
    unreadable
      ? [undecided(path, unreadable)]
      : extensions.filter(kind).map((trait) => ({ path, ...violation(shown(traitName(trait.path)), trait) })),
  );
}

export const addressRules: Rule[] = [codeVia, smsVerificationFormat, phoneFormat];
