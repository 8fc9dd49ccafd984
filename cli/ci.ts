import { Command } from "commander";
import { command as affected } from "./ci/affected";
import { command as comment } from "./ci/comment";
import { command as expectedRevision } from "./ci/expected-revision";
import { command as issue } from "./ci/issue";
import { command as pullRequest } from "./ci/pull-request";

const HELP = `
The repository is that of GITHUB_REPOSITORY, the forge that of GITHUB_API_URL (default: https://api.github.com), and the
token GITHUB_TOKEN, which is never shown. docs/run-it-in-ci.md has workflows that use these verbs.

Exit code: 0, or 1 where it could not be done.

Examples:
  pulumi-ory ci affected --base HEAD^1 staging prod
  pulumi-ory ci comment --pull-request 7 --marker "review prod" --preview preview.jsonl
  pulumi-ory ci comment --event "$GITHUB_EVENT_PATH" --marker "review prod" --preview preview.jsonl
  pulumi-ory ci expected-revision --commit "$GITHUB_SHA" --marker "review prod"
  pulumi-ory ci issue --marker "drift prod" --title "Drift of prod" --body-file drift.md
  pulumi-ory ci pull-request --branch promote-prod --base main --title "Promote staging to prod" \\
    --body-file promotion.txt --code stacks/Pulumi.prod.yaml`;

/** The verb's command line. */
export function command(): Command {
  return new Command("ci")
    .addHelpText("after", HELP)
    .addCommand(affected())
    .addCommand(comment())
    .addCommand(expectedRevision())
    .addCommand(issue())
    .addCommand(pullRequest());
}
