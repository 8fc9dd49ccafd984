import type { Kratos } from "../../kratos/server";

/** A node of a flow's form. */
export interface FormNode {
  group: string;
  attributes: { name: string; value?: unknown; onclick?: string };
}

/** What Kratos answered. */
export interface Page {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever Kratos says
  body: any;
}

/** Somebody's browser: it keeps cookies and speaks JSON, as a single-page application does. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly kratos: Kratos) {}

  /** A browser with the same cookies. */
  copy(): Browser {
    const other = new Browser(this.kratos);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  get(path: string): Promise<Page> {
    return this.call(`${this.kratos.publicUrl}${path}`);
  }

  /** Sends a flow's form back, with its protection against forgery. */
  submit(flow: Page["body"], body: Record<string, unknown>): Promise<Page> {
    const csrf_token = nodesOf(flow).find(({ attributes }) => attributes.name === "csrf_token")?.attributes
      .value;
    return this.call(flow.ui.action, { csrf_token, ...body });
  }

  /** Goes to a page elsewhere that sends back at once. */
  async visit(url: string): Promise<Page> {
    const response = await fetch(url, { redirect: "manual" });
    return this.call(response.headers.get("location")!);
  }

  private async call(url: string, body?: unknown): Promise<Page> {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      this.cookies.set(name!, value!);
    }
    const next = response.headers.get("location");
    const text = await response.text();
    const to =
      next === null || response.status < 300 || response.status >= 400 ? undefined : new URL(next, url);
    if (to?.origin === new URL(url).origin) return this.call(to.href);
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  }
}

/** The nodes of a flow's form; a form without any has `null` there. */
export const nodesOf = (flow: Page["body"]): FormNode[] => flow?.ui?.nodes ?? [];

/** The node called `name`. */
export const nodeOf = (flow: Page["body"], name: string): FormNode | undefined =>
  nodesOf(flow).find(({ attributes }) => attributes.name === name);

/** The ids of all that a flow tells. */
export const messageIds = (flow: Page["body"]): number[] =>
  [
    ...(flow?.ui?.messages ?? []),
    ...nodesOf(flow).flatMap((node) => (node as { messages?: [] }).messages ?? []),
  ].map(({ id }) => id);
