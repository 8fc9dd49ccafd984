import { UserError } from "../../infra/identity-config/user-error";
import { type Answers, ENVIRONMENTS, FACTORS, type Factor } from "./answers";

/** A project's id, as Ory Network gives it. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Asks on the terminal for what is not told. Throws UserError where the user gives up. */
export async function asked(told: Partial<Answers> & Pick<Answers, "name">): Promise<Answers> {
  const clack = await import("@clack/prompts");
  const answered = <T>(answer: T): Exclude<T, symbol> => {
    if (clack.isCancel(answer)) {
      // Ctrl-C comes as a key while a question is asked.
      process.emit("SIGINT");
      throw new UserError("nothing was written");
    }
    return answer as Exclude<T, symbol>;
  };
  const target =
    told.target ??
    answered(
      await clack.select<Answers["target"]>({
        message: "Where does the identity config live?",
        options: [
          { value: "network", label: "Ory Network" },
          {
            value: "kratos",
            label: "a self-hosted Ory Kratos, whose files are on the machine that runs Pulumi",
          },
        ],
      }),
    );
  const factors =
    told.factors ??
    answered(
      await clack.multiselect<Factor>({
        message: "Which second factors?",
        options: Object.entries(FACTORS).map(([value, label]) => ({ value: value as Factor, label })),
        initialValues: ["totp", "lookupSecret"],
        required: false,
      }),
    );
  const environments =
    told.environments ??
    answered(
      await clack.multiselect<(typeof ENVIRONMENTS)[number]>({
        message: "Which environments?",
        options: ENVIRONMENTS.map((value) => ({ value })),
        initialValues: ["staging", "prod"],
      }),
    );
  const domain =
    told.domain ??
    answered(
      await clack.text({
        message: "Under which domain do people sign in?",
        placeholder: `${told.name}.example`,
      }),
    );
  const smsUrl =
    told.smsUrl ??
    (factors.includes("code")
      ? answered(
          await clack.text({
            message: "Where are SMS sent to, by POST? Leave it empty to do without phone numbers.",
            validate: (text) => (text && !URL.canParse(text) ? "write a URL" : undefined),
          }),
        )
      : undefined);
  const projects = { ...told.projects };
  if (target === "network") {
    for (const environment of environments) {
      if (projects[environment] !== undefined) continue;
      const id = answered(
        await clack.text({
          message: `The id of the project for ${environment}? Leave it empty to fill it in later.`,
          validate: (text) =>
            text && !ID.test(text) ? "an id has the form of 3f0c9a52-6d0b-4c1e-9c41-5d1f0e6f7a10" : undefined,
        }),
      );
      if (id) projects[environment] = id;
    }
  }
  const sms = smsUrl ? { smsUrl } : {};
  return {
    ...told,
    target,
    factors,
    environments,
    domain: domain || `${told.name}.example`,
    ...sms,
    projects,
  };
}
