import type { AxiosInstance } from "axios";
import Bottleneck from "bottleneck";
import { ASKED } from "../identity-config/journeys/stored-identity";
import { UserError } from "../identity-config/user-error";
import { repeating } from "../targets/network/repeating";

/** Where identities are listed. */
export interface AdminApi {
  /** URL of a Kratos's Admin API, or of a project of Ory Network, `https://<slug>.projects.oryapis.com`. */
  adminUrl: string;
  /** A project API key of Ory Network, `ory_pat_…` or `ory_apikey_…`; a Kratos asks for none. Never shown. */
  apiKey?: string;
}

/** Some identities, and where the next ones begin. */
export interface Page {
  identities: unknown[];
  /** Absent on the last page. */
  next?: string;
}

/** The most that the Admin API lists at once (ory/x, keysetpagination). */
const PAGE_SIZE = 500;

/** Ory Network lets 600 requests a minute through, for listing identities (ory/docs, rate limits); a Kratos all. */
const NETWORK_PAUSE = 100;

/** Pages of all identities, one after the other, from `from` on. */
export class Identities {
  private readonly http: AxiosInstance = repeating();
  private readonly throttle: Bottleneck;
  private readonly base: string;

  /** @throws UserError where the URL is none. */
  constructor(private readonly api: AdminApi) {
    if (!URL.canParse(api.adminUrl))
      throw new UserError(
        "cannot count identities: the URL of the Admin API is no URL, write it as http://127.0.0.1:4434",
      );
    this.base = api.adminUrl.replace(/\/+$/, "");
    this.throttle = new Bottleneck({ maxConcurrent: 1, minTime: api.apiKey ? NETWORK_PAUSE : 0 });
  }

  async *pages(from: string | undefined, signal: AbortSignal): AsyncGenerator<Page> {
    let at = from;
    do {
      const page = await this.throttle.schedule(() => this.page(at, signal));
      yield page;
      at = page.next;
    } while (at !== undefined);
  }

  /** How many identities there are, where the API says so. */
  async total(signal: AbortSignal): Promise<number | undefined> {
    const { headers } = await this.throttle.schedule(() => this.get("per_page=1&page=1", signal));
    const total = Number(headers["x-total-count"]);
    return Number.isInteger(total) && headers["x-total-count"] !== undefined ? total : undefined;
  }

  private async page(at: string | undefined, signal: AbortSignal): Promise<Page> {
    const query = new URLSearchParams({ page_size: String(PAGE_SIZE) });
    for (const credential of ASKED) query.append("include_credential", credential);
    if (at !== undefined) query.set("page_token", at);
    const { data, headers } = await this.get(query.toString(), signal);
    if (!Array.isArray(data))
      throw new UserError(`cannot count identities: ${this.place} answers no list of identities`);
    const next = nextToken(String(headers.link ?? ""));
    return { identities: data, ...(next !== undefined && next !== at && { next }) };
  }

  private async get(query: string, signal: AbortSignal) {
    const headers = this.api.apiKey === undefined ? {} : { authorization: `Bearer ${this.api.apiKey}` };
    try {
      return await this.http.get(`${this.base}/admin/identities?${query}`, { headers, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw new UserError(`cannot count identities: ${this.place} ${told(error)}`);
    }
  }

  /** The API without what may be secret in its URL. */
  private get place(): string {
    return new URL(this.base).origin;
  }
}

/** The token in `<…?page_token=…>; rel="next"`. */
function nextToken(link: string): string | undefined {
  const url = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  const query = url?.slice(url.indexOf("?") + 1);
  return new URLSearchParams(query).get("page_token") ?? undefined;
}

function told(error: unknown): string {
  const { response, code } = error as { response?: { status: number }; code?: string };
  if (response === undefined) return `does not answer (${code ?? "connection lost"}), check that it runs`;
  const { status } = response;
  const key =
    "give a project API key (ory_pat_… or ory_apikey_…) of that project; a workspace key cannot list identities";
  return status === 401 || status === 403 ? `answers ${status}, ${key}` : `answers ${status}`;
}
