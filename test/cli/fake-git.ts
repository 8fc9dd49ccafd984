import { createHash } from "node:crypto";
import type { Hono } from "hono";

export const hash = (value: unknown): string =>
  createHash("sha1").update(JSON.stringify(value)).digest("hex");

interface Commit {
  tree: string;
  parents: string[];
  message: string;
}

/** The branches and commits of a stand-in of a forge, over GitHub's REST API. */
export class FakeGit {
  refs = new Map<string, string>();
  commits = new Map<string, Commit>();
  trees = new Map<string, Record<string, string>>();

  /** A branch whose one commit has these files. */
  branch(name: string, files: Record<string, string>): string {
    const tree = hash(files);
    this.trees.set(tree, files);
    return this.commitTo(name, { tree, parents: [], message: "first" });
  }

  /** The files of a branch. */
  filesOf = (branch: string): Record<string, string> =>
    this.trees.get(this.commits.get(this.refs.get(branch)!)!.tree)!;

  private commitTo(branch: string, commit: Commit): string {
    const sha = hash(commit);
    this.commits.set(sha, commit);
    this.refs.set(branch, sha);
    return sha;
  }

  protected addGit(app: Hono): void {
    const branchIn = (ref: string): string => ref.replace(/^.*?heads\//, "");
    app.get("/git/ref/:ref{.+}", (c) => {
      const sha = this.refs.get(branchIn(decodeURIComponent(c.req.param("ref"))));
      return sha === undefined ? c.notFound() : c.json({ object: { sha } });
    });
    app.post("/git/refs", async (c) => {
      const { ref, sha } = await c.req.json();
      this.refs.set(branchIn(ref), sha);
      return c.json({ object: { sha } }, 201);
    });
    app.patch("/git/refs/:ref{.+}", async (c) => {
      const { sha, force } = await c.req.json();
      if (!force) return c.json({ message: "Update is not a fast forward" }, 422);
      this.refs.set(branchIn(decodeURIComponent(c.req.param("ref"))), sha);
      return c.json({ object: { sha } });
    });
    app.get("/git/commits/:sha", (c) => {
      const found = this.commits.get(c.req.param("sha"));
      if (found === undefined) return c.notFound();
      return c.json({ tree: { sha: found.tree }, parents: found.parents.map((sha) => ({ sha })) });
    });
    app.post("/git/trees", async (c) => {
      const { base_tree, tree } = await c.req.json();
      const files = { ...this.trees.get(base_tree) };
      for (const { path, content } of tree) files[path] = content;
      const sha = hash(files);
      this.trees.set(sha, files);
      return c.json({ sha }, 201);
    });
    app.post("/git/commits", async (c) => {
      const commit = await c.req.json();
      const sha = hash(commit);
      this.commits.set(sha, commit);
      return c.json({ sha }, 201);
    });
  }
}
