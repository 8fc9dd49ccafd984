import { setTimeout } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { FakeGit, hash } from "./fake-git";

/** The repository that it has. */
export const REPOSITORY = "acme/identity";
export const TOKEN = "ghs_canary0123456789";
export const BOT = "github-actions[bot]";

interface Written {
  id: number;
  body: string;
  user: { login: string };
  html_url: string;
}
export interface Comment extends Written {
  issue: number;
}
export interface Issue extends Written {
  number: number;
  title: string;
  state: "open" | "closed";
  pull_request?: object;
}
export interface Pull {
  number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  merged_at: string | null;
  merge_commit_sha: string | null;
  head: { ref: string; sha: string; repo: { full_name: string } | null };
  base: { ref: string; repo: { full_name: string } };
  html_url: string;
}

/** What is answered instead, once. */
export interface Fault {
  method: string;
  /** Matches the path below the repository. */
  path: RegExp;
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Carries it out, and answers this nonetheless. */
  carriesOut?: boolean;
}

/** GitHub counts characters; this as its API says it. */
const MOST = 65_536;

/** A stand-in of GitHub's REST API, in memory, as far as `ci` calls it; but for branches and commits. */
export class FakeForge extends FakeGit {
  comments: Comment[] = [];
  issues: Issue[] = [];
  pulls: Pull[] = [];
  faults: Fault[] = [];
  /** Calls in the order in which they came: `GET /issues/7/comments?page=2`. */
  calls: string[] = [];
  /** As whom the token writes. */
  login = BOT;
  /** How long each answer takes, in milliseconds. */
  delay = () => 0;
  private meeting: ((call: string) => Promise<void>) | undefined;
  url = "";
  private ids = 1_000;
  private server: ReturnType<typeof serve> | undefined;

  static async start(): Promise<FakeForge> {
    const forge = new FakeForge();
    const fetch = forge.app().fetch;
    await new Promise<void>((listening) => {
      forge.server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
        forge.url = `http://127.0.0.1:${port}/api/v3`;
        listening();
      });
    });
    return forge;
  }

  /** Answers the first such calls of so many runs only when all of them have come, so that none sees what another makes. */
  meetingOf(runs: number, at: RegExp): void {
    const waiting: (() => void)[] = [];
    this.meeting = async (call) => {
      if (!at.test(call)) return;
      await new Promise<void>((go) => {
        waiting.push(go);
        if (waiting.length < runs) return;
        this.meeting = undefined;
        for (const one of waiting) one();
      });
    };
  }

  stop = (): Promise<void> => new Promise((stopped) => this.server!.close(() => stopped()));

  /** What a pipeline has in its environment. */
  get env() {
    return { GITHUB_API_URL: this.url, GITHUB_REPOSITORY: REPOSITORY, GITHUB_TOKEN: TOKEN };
  }

  commentBy(login: string, body: string, issue = 7): Comment {
    const id = this.ids++;
    const comment = { id, issue, body, user: { login }, html_url: `https://forge.example/c/${id}` };
    this.comments.push(comment);
    return comment;
  }

  issueBy(login: string, body: string, more: Partial<Issue> = {}): Issue {
    const id = this.ids++;
    const issue: Issue = {
      ...{ id, number: id - 900, title: "An issue", state: "open", body, user: { login } },
      html_url: `https://forge.example/i/${id}`,
      ...more,
    };
    this.issues.push(issue);
    return issue;
  }

  pullOf(branch: string, more: Partial<Pull> = {}): Pull {
    const repo = { full_name: REPOSITORY };
    const pull: Pull = {
      ...{ number: 7 + this.pulls.length, title: "A change", body: null, state: "open" },
      ...{ merged_at: null, merge_commit_sha: null, html_url: "https://forge.example/p" },
      ...{ head: { ref: branch, sha: hash(branch), repo }, base: { ref: "main", repo } },
      ...more,
    } as Pull;
    this.pulls.push(pull);
    return pull;
  }

  private app(): Hono {
    const app = new Hono().basePath(`/api/v3/repos/${REPOSITORY}`);
    app.use(async (c, next) => {
      const { pathname, search } = new URL(c.req.url);
      const path = pathname.slice(`/api/v3/repos/${REPOSITORY}`.length) + search;
      const call = `${c.req.method} ${path}`;
      this.calls.push(call);
      await setTimeout(this.delay());
      await this.meeting?.(call);
      if (c.req.header("authorization") !== `Bearer ${TOKEN}`)
        return c.json({ message: "Bad credentials" }, 401);
      const index = this.faults.findIndex((one) => one.method === c.req.method && one.path.test(path));
      const [fault] = index < 0 ? [] : this.faults.splice(index, 1);
      if (fault === undefined) return next();
      if (fault.carriesOut) await next();
      // What was answered already is not replaced otherwise.
      c.res = undefined;
      c.res = c.json(fault.body ?? {}, fault.status as 500, fault.headers);
      return undefined;
    });
    app.notFound((c) => c.json({ message: "Not Found" }, 404));
    this.addComments(app);
    this.addIssues(app);
    this.addPulls(app);
    this.addGit(app);
    return app;
  }

  /** A page of `all`, with the link to the next one. */
  private page(c: Context, all: readonly unknown[]) {
    const url = new URL(c.req.url);
    const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
    const page = Number(url.searchParams.get("page") ?? 1);
    const link = (to: number, rel: string): string => {
      url.searchParams.set("page", String(to));
      return `<${url.href}>; rel="${rel}"`;
    };
    const last = Math.max(1, Math.ceil(all.length / size));
    if (page > 1) c.header("link", link(1, "first"));
    if (page < last) c.header("link", `${link(page + 1, "next")}, ${link(last, "last")}`);
    return c.json(all.slice((page - 1) * size, page * size));
  }

  private tooLong = (c: Context, body: unknown) =>
    typeof body === "string" && [...body].length > MOST
      ? c.json(
          {
            message: "Validation Failed",
            errors: [{ field: "data", message: "Body is too long (maximum is 65536 characters)" }],
          },
          422,
        )
      : undefined;

  private addComments(app: Hono): void {
    const there = (id: string) => this.comments.find((one) => one.id === Number(id));
    app.get("/issues/:number{[0-9]+}/comments", (c) =>
      this.page(
        c,
        this.comments.filter(({ issue }) => issue === Number(c.req.param("number"))),
      ),
    );
    app.post("/issues/:number{[0-9]+}/comments", async (c) => {
      const { body } = await c.req.json();
      return (
        this.tooLong(c, body) ?? c.json(this.commentBy(this.login, body, Number(c.req.param("number"))), 201)
      );
    });
    app.patch("/issues/comments/:id", async (c) => {
      const { body } = await c.req.json();
      const one = there(c.req.param("id"));
      if (one === undefined) return c.notFound();
      const refused = this.tooLong(c, body);
      if (refused) return refused;
      one.body = body;
      return c.json(one);
    });
    app.delete("/issues/comments/:id", (c) => {
      const one = there(c.req.param("id"));
      if (one === undefined) return c.notFound();
      this.comments = this.comments.filter((other) => other !== one);
      return c.body(null, 204);
    });
  }

  private addIssues(app: Hono): void {
    app.get("/issues", (c) => {
      const state = c.req.query("state");
      return this.page(
        c,
        this.issues.filter((one) => one.state === state),
      );
    });
    app.post("/issues", async (c) => {
      const { title, body } = await c.req.json();
      return this.tooLong(c, body) ?? c.json(this.issueBy(this.login, body, { title }), 201);
    });
    app.patch("/issues/:number", async (c) => {
      const one = this.issues.find(({ number }) => number === Number(c.req.param("number")));
      if (one === undefined) return c.notFound();
      const { title = one.title, body = one.body, state = one.state } = await c.req.json();
      return this.tooLong(c, body) ?? c.json(Object.assign(one, { title, body, state }));
    });
  }

  private addPulls(app: Hono): void {
    app.get("/pulls", (c) => {
      const { state, head, base } = c.req.query();
      const isWanted = (one: Pull): boolean =>
        one.state === state &&
        `${one.head.repo?.full_name.split("/")[0]}:${one.head.ref}` === head &&
        (base === undefined || one.base.ref === base);
      return this.page(c, this.pulls.filter(isWanted));
    });
    app.get("/pulls/:number", (c) => {
      const one = this.pulls.find(({ number }) => number === Number(c.req.param("number")));
      return one === undefined ? c.notFound() : c.json(one);
    });
    app.post("/pulls", async (c) => {
      const { title, body, head } = await c.req.json();
      if (this.pulls.some((one) => one.state === "open" && one.head.ref === head))
        return c.json(
          { message: "Validation Failed", errors: [{ message: "A pull request already exists" }] },
          422,
        );
      return c.json(this.pullOf(head, { title, body }), 201);
    });
    app.patch("/pulls/:number", async (c) => {
      const one = this.pulls.find(({ number }) => number === Number(c.req.param("number")));
      if (one === undefined) return c.notFound();
      return c.json(Object.assign(one, await c.req.json()));
    });
    app.get("/commits/:sha/pulls", (c) =>
      this.page(
        c,
        this.pulls.filter(({ merge_commit_sha }) => merge_commit_sha === c.req.param("sha")),
      ),
    );
  }
}
