import type { JsonPatch, Project, SuccessfulProjectUpdate } from "@ory/client";
import { UserError } from "../../identity-config/user-error";
import type { NetworkClient } from "./client";
import { projectKey } from "./credentials";
import type { NetworkAccess } from "./settings";

/** Ory Network as one provider process reaches it. Each project is read once, until something is written. */
export class NetworkConnection {
  private access: NetworkAccess = {};
  private readonly reads = new Map<string, Promise<Project>>();
  private readonly texts = new Map<string, Promise<string | undefined>>();

  /** Begins anew with `access`. */
  configure(access: NetworkAccess): void {
    this.access = access;
    this.reads.clear();
  }

  /** The project as it was last read or written. Throws UserError, and RefusedKey. */
  async project(id: string, signal: AbortSignal): Promise<Project> {
    const earlier = this.reads.get(id);
    if (earlier !== undefined) return earlier;
    const read = this.client(id).getProject(signal);
    this.reads.set(id, read);
    read.catch(() => signal.aborted && this.forget(id));
    return read;
  }

  /** Writes as `NetworkClient.patchProject` does; what is not known to be in force is read anew by the next `project`. */
  async patch(
    id: string,
    revision: string,
    patch: JsonPatch[],
    secrets: readonly string[],
    signal: AbortSignal,
  ): Promise<SuccessfulProjectUpdate> {
    this.forget(id);
    const answer = await this.client(id).patchProject(revision, patch, secrets, signal);
    this.reads.set(id, Promise.resolve(answer.project));
    return answer;
  }

  /** The text at `url`, undefined where it cannot be had; asked for once, since what is stored never changes. */
  text(url: string, signal: AbortSignal): Promise<string | undefined> {
    const earlier = this.texts.get(url);
    if (earlier !== undefined) return earlier;
    const read = client().readText(url, signal);
    this.texts.set(url, read);
    read.catch(() => this.texts.delete(url));
    return read;
  }

  /** The next read asks the server. */
  forget(id: string): void {
    this.reads.delete(id);
  }

  /** The key that reaches a project's identities. Throws UserError. */
  projectKey(): string {
    return projectKey(this.access);
  }

  private client(id: string): NetworkClient {
    const { allowedProjectIds: allowed } = this.access;
    if (allowed !== undefined && !allowed.includes(id)) {
      throw new UserError(
        `project ${id} is not among ory:allowedProjectIds (${allowed.join(", ")}); nothing was called`,
      );
    }
    return new (client().NetworkClient)(id, this.access);
  }
}

/** The SDK takes a good part of the provider's start, and a Kratos does not need it. */
const client = () => require("./client") as typeof import("./client");
