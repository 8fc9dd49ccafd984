import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Project, Warning } from "@ory/client";
import { ApiError } from "./api-error";
import { identityConfig, withIdentityConfig } from "./document";
import type { KratosUrls } from "./new-project";
import type { Quirks } from "./quirks";
import type { Storage } from "./storage";
import { withSchemaHashes, written } from "./writing";

/** One state that a project was in. */
export interface Revision {
  /** The whole project, with all secrets. */
  project: Project;
  /** Who made it: what it started with, a call of the Console API, or another writer that the test plays. */
  writer: "seed" | "api" | "other";
}

/** Decides on a config before it is kept; throws ApiError where it is refused. */
export type Validate = (project: Project) => Promise<void>;

/** A project and all that it ever was. */
export class StoredProject {
  /** By revision id, oldest first. */
  readonly revisions = new Map<string, Revision>();
  readonly kratos: KratosUrls | undefined;
  #before: Project;
  #current: Project;
  #staleReads = 0;
  #readsUntilHashes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    seed: Project,
    private readonly server: { quirks(): Quirks; storage: Storage; validate: Validate },
    kratos?: KratosUrls,
  ) {
    this.kratos = kratos;
    const { project } = written(
      seed,
      seed,
      { ...server.quirks(), ignoredKeys: [], planGates: {} },
      server.storage,
    );
    this.#current = this.#hashed(project);
    this.#before = this.#current;
    this.#record("seed");
  }

  /** As it is now, with all secrets. */
  get project(): Project {
    return this.#current;
  }

  /** As a GET sees it, which counts as one. `stale`: as it was before the last write. */
  read(stale = false): Project {
    if (stale) return this.#before;
    if (this.#staleReads > 0) {
      this.#staleReads -= 1;
      return this.#before;
    }
    const seen = this.#current;
    if (this.#readsUntilHashes > 0) {
      this.#readsUntilHashes -= 1;
      if (this.#readsUntilHashes === 0) {
        this.#current = this.#hashed(this.#current);
        this.revisions.get(this.#current.revision_id)!.project = this.#current;
      }
    }
    return seen;
  }

  /**
   * Writes what `change` makes of the current state, one writer at a time.
   * @param revision The revision that the change was made from; undefined: whatever there is.
   * @throws ApiError 409 where the project has moved on, and whatever `change` or the validation throws
   */
  write(
    change: (project: Project) => Project,
    { revision, writer = "api" }: { revision?: string; writer?: Revision["writer"] } = {},
  ): Promise<{ project: Project; warnings: Warning[] }> {
    const turn = this.#last.then(async () => {
      const before = this.#current;
      if (revision !== undefined && revision !== before.revision_id) throw conflict(before.id);
      const quirks = this.server.quirks();
      const { project, warnings } = written(before, change(before), quirks, this.server.storage);
      const later = quirks.storesAssets && quirks.schemaIdsAfterReads > 0;
      const result = { ...(later ? project : this.#hashed(project)), revision_id: randomUUID() };
      await this.server.validate(result);
      this.#readsUntilHashes =
        later && !isDeepStrictEqual(this.#hashed(project), project) ? quirks.schemaIdsAfterReads : 0;
      this.#staleReads = quirks.staleReads;
      this.#before = before;
      this.#current = result;
      this.#record(writer);
      return { project: result, warnings };
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #hashed(project: Project): Project {
    return this.server.quirks().storesAssets
      ? withIdentityConfig(project, withSchemaHashes(identityConfig(project)))
      : project;
  }

  #record(writer: Revision["writer"]): void {
    this.revisions.set(this.#current.revision_id, { project: this.#current, writer });
  }
}

function conflict(id: string): ApiError {
  return new ApiError(409, "The project was changed since the given revision", {
    reason: `The revision is not the current one of project ${id}. Read the project and try again.`,
  });
}
