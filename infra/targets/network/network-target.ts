import { isDeepStrictEqual } from "node:util";
import type { Project, SuccessfulProjectUpdate } from "@ory/client";
import { canonicalLeaves } from "../../identity-config/canonical";
import { changesBetween } from "../../identity-config/change-set";
import { describe } from "../../identity-config/describe";
import { type Document, isEmptyObject } from "../../identity-config/model";
import { isWithin } from "../../identity-config/path";
import { UserError } from "../../identity-config/user-error";
import {
  type Applied,
  type Endpoints,
  type Known,
  NOTHING_KNOWN,
  type Observed,
  Overtaken,
  type Target,
  type Write,
} from "../target";
import type { NetworkConnection } from "./connection";
import { type Legible, legible } from "./legible";
import { projectPatch, restoringPatch } from "./patch";
import { LostAnswer, StaleRevision } from "./problem";
import { documentOfProject } from "./project-document";
import { SCHEMAS } from "./schema-ids";
import type { NetworkSettings } from "./settings";
import { textsOf, unreadTexts } from "./texts";

/** What was read of a project. */
interface NetworkObserved extends Observed {
  /** The project's document as the server shows it. */
  shown: Document;
  legible: Legible;
  /** Texts behind storage URLs, by SHA-512. */
  texts: ReadonlyMap<string, string>;
}

/** A project on Ory Network, configured over the Console API: one read, and one write against the revision read. */
export class NetworkTarget implements Target {
  readonly kind = "network";
  readonly id: string;
  readonly place: string;
  private readonly project: string;

  constructor(
    private readonly settings: NetworkSettings,
    private readonly connection: NetworkConnection,
  ) {
    this.project = settings.project;
    this.id = `network/${settings.project}`;
    this.place = `project ${settings.project} on Ory Network`;
  }

  async endpoints(signal: AbortSignal): Promise<Endpoints> {
    const adminToken = this.connection.projectKey();
    const { slug } = await this.connection.project(this.project, signal);
    const url = this.settings.projectUrl ?? `https://${slug}.projects.oryapis.com`;
    return { publicUrl: url, adminUrl: url, adminToken };
  }

  async observe(signal: AbortSignal, known?: Known): Promise<NetworkObserved> {
    const project = await this.connection.project(this.project, signal);
    this.refuseOtherEnvironment(project);
    const { declared, written } = known ?? NOTHING_KNOWN;
    const shown = documentOfProject(project);
    const texts = textsOf(declared, written);
    const wanted = [...canonicalLeaves(declared).keys(), SCHEMAS];
    const isWanted = (path: string) =>
      known === undefined || wanted.some((one) => isWithin(path, one) || isWithin(one, path));
    const unread = [...unreadTexts(shown, isWanted, texts)];
    await Promise.all(
      unread.map(async ([hash, url]) => {
        const text = await this.connection.text(url, signal);
        if (text !== undefined) texts.set(hash, text);
      }),
    );
    const read = legible(shown, known ?? NOTHING_KNOWN, texts);
    return {
      revision: project.revision_id,
      environment: project.environment,
      effective: read.document,
      defaults: {},
      managed: [],
      isShared: true,
      shown,
      legible: read,
      texts,
    };
  }

  isStale(): boolean {
    return false;
  }

  async trial(write: Write): Promise<string[]> {
    this.patch(write);
    return [];
  }

  async apply(write: Write, signal: AbortSignal): Promise<Applied> {
    const answer = await this.write(write.observed.revision, write, this.patch(write), signal);
    const effective = inForce(write, answer.project);
    const missed = missing(write, effective);
    if (missed.length > 0) throw await this.undone(missed, write, answer.project, signal);
    return {
      revision: answer.project.revision_id,
      effective,
      warnings: [
        ...answer.warnings.map((warning) => `Ory Network says: ${warning.message}`),
        ...kept(write, effective),
      ],
    };
  }

  async missing(): Promise<string[]> {
    return [];
  }

  /** What is sent. Throws UserError where it would write a mask. */
  private patch({ observed, plan }: Write) {
    const { shown, legible } = observed as NetworkObserved;
    return projectPatch({ shown, legible, after: plan.after, paths: plan.changes.map(({ path }) => path) });
  }

  private async write(
    revision: string,
    { plan, secrets }: Write,
    patch: ReturnType<typeof projectPatch>,
    signal: AbortSignal,
  ): Promise<SuccessfulProjectUpdate> {
    try {
      return await this.connection.patch(this.project, revision, patch, secrets, signal);
    } catch (error) {
      if (error instanceof StaleRevision || error instanceof LostAnswer) throw new Overtaken(error.message);
      if (error instanceof UserError)
        throw new UserError(
          `${error.message}; in this write: ${plan.changes.map(({ path }) => path).join(", ")}`,
        );
      throw error;
    }
  }

  /** Puts back what was before a write of which not everything came into force. Returns the error to throw. */
  private async undone(missed: string[], write: Write, now: Project, signal: AbortSignal): Promise<Error> {
    const { shown, effective } = write.observed as NetworkObserved;
    const paths = write.plan.changes.map(({ path }) => path);
    const patch = restoringPatch(documentOfProject(now), shown, effective, paths);
    const said = `Ory Network accepted the write and did not do what it says:\n${missed.join("\n")}\n`;
    try {
      if (patch.length > 0) await this.write(now.revision_id, write, patch, signal);
    } catch (error) {
      return new UserError(
        `${said}It could not be undone and stands as revision ${now.revision_id} (${(error as Error).message}); look at the project in the Console, then leave these settings out and run \`pulumi up\` again`,
      );
    }
    return new UserError(
      `${said}What was before is in force again; leave these settings out, or set them to what Ory Network takes`,
    );
  }

  private refuseOtherEnvironment({ environment, name }: Project): void {
    const expected = this.settings.environment;
    if (expected === undefined || expected === environment) return;
    throw new UserError(
      `project ${this.project} (${JSON.stringify(name)}) is a ${environment} project, but target.network.environment says ${expected}: either the project's id is another stack's, or the environment is wrong; nothing was written`,
    );
  }
}

/** What the answer to a write shows, as the program would spell it. */
function inForce({ declared, secrets, observed }: Write, answer: Project): Document {
  const texts = new Map([...(observed as NetworkObserved).texts, ...textsOf(declared)]);
  return legible(documentOfProject(answer), { declared, written: declared, secrets }, texts).document;
}

/** The declared values that are not in force, a line each. */
function missing({ declared, secrets, isSecret }: Write, effective: Document): string[] {
  const wanted = canonicalLeaves(declared);
  return changesBetween(wanted, canonicalLeaves(effective), secrets, undefined, isSecret)
    .filter(({ path }) => wanted.has(path) && !isEmptyObject(wanted.get(path)))
    .map((change) => `  ${change.path}: declared ${describe(change).slice(change.path.length + 2)} in force`);
}

/** What was to fall back to its default and is still what it was, a line each. */
function kept({ plan, observed }: Write, effective: Document): string[] {
  const [before, live] = [canonicalLeaves(observed.effective), canonicalLeaves(effective)];
  const isKept = (path: string) => live.has(path) && isDeepStrictEqual(live.get(path), before.get(path));
  return plan.changes
    .filter(({ path, after }) => after === undefined && isKept(path))
    .map(({ path }) => `${path} was to fall back to its default, but Ory Network kept it as it is`);
}
