import assert from "node:assert/strict";
import type { Document } from "../../infra/identity-config/model";
import type { StoredProject } from "../fake-network";
import type { State } from "../provider/resource";
import { CANARY, type NetworkScene } from "./scene";
import { declaration, type Side, sideOf } from "./sides";

/** A project that is to go from the old declaration to the new one, whatever happens on the way. */
export class Crossing {
  private readonly first: number;

  private constructor(
    private readonly scene: NetworkScene,
    private readonly project: string,
    private readonly stored: StoredProject,
    /** With the old declaration in force. */
    readonly before: State,
  ) {
    this.first = stored.revisions.size - 1;
  }

  /** Makes the project, and brings the old declaration into force. */
  static async begin(scene: NetworkScene, project: string): Promise<Crossing> {
    const stored = scene.network.addProject({ id: project });
    const before = await scene.up(declaration(project, "old"), undefined, urnOf(project));
    return new Crossing(scene, project, stored, before);
  }

  /** An `up` with the new declaration. */
  up(state: State): Promise<State> {
    return this.scene.up(declaration(this.project, "new"), state, urnOf(this.project));
  }

  /** Which declaration is in force. Throws where it is neither, or where another writer's update was lost. */
  side(): Side {
    const revisions = [...this.stored.revisions.values()].slice(this.first);
    checkOthersKept(revisions);
    return sideOf(configOf(revisions.at(-1)!));
  }

  /** Throws where the next `up` with `state` does not bring the new declaration into force, or one more writes again. */
  async converge(state: State): Promise<void> {
    const after = await this.up(state);
    assert.equal(this.side(), "new");
    const { size } = this.stored.revisions;
    await this.up(after);
    assert.equal(this.stored.revisions.size, size, "an up without changes has written");
    assert.ok(!JSON.stringify([state.outputs, after.outputs]).includes(CANARY), "a secret is in outputs");
  }
}

const urnOf = (project: string): string => `urn:pulumi:test::shop::ory:index:IdentityConfig::${project}`;

const configOf = ({ project }: { project: { services: object } }): Document =>
  (project.services as { identity: { config: Document } }).identity.config;

/** No write of ours takes back what another writer has written, or is half of a declaration. */
export function checkOthersKept(revisions: { project: { services: object }; writer: string }[]): void {
  const page = (revision: (typeof revisions)[0]) =>
    (configOf(revision) as { selfservice: { flows: { error: Document } } }).selfservice.flows.error.ui_url;
  revisions.forEach((revision, index) => {
    sideOf(configOf(revision));
    if (index > 0 && revision.writer === "api")
      assert.equal(page(revision), page(revisions[index - 1]!), "another writer's update is lost");
  });
}
