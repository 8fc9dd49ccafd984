import type { AxiosError, AxiosInstance, AxiosResponse } from "axios";
import { UserError } from "../../infra/identity-config/user-error";
import { withProgress } from "../progress";
import { visible } from "../visible";
import { ForgeError } from "./forge-error";
import { isLost, isRateLimit, repeating } from "./repeating";

/** Where a repository is, and who asks. */
export interface ForgeSettings {
  /** Of the REST API, without a slash at the end. */
  apiUrl: string;
  /** `owner/name`. */
  repository: string;
  /** Never shown. */
  token: string;
}

/** What a pipeline says in its environment. Throws UserError where something is missing. */
export function forgeSettings(repo: string | undefined, env: NodeJS.ProcessEnv = process.env): ForgeSettings {
  const repository = repo ?? env.GITHUB_REPOSITORY;
  if (!repository) throw new UserError("which repository? name it with --repo, or in GITHUB_REPOSITORY");
  if (!/^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/.test(repository))
    throw new UserError(`${JSON.stringify(repository)} is no repository: write it as owner/name`);
  const apiUrl = (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, "");
  if (!/^https?:\/\//.test(apiUrl) || !URL.canParse(apiUrl))
    throw new UserError("GITHUB_API_URL is no URL: write it as https://api.github.com");
  if (!env.GITHUB_TOKEN)
    throw new UserError(
      "GITHUB_TOKEN is not set: in a workflow, give the step `github.token` by this name in its environment",
    );
  return { apiUrl, repository, token: env.GITHUB_TOKEN };
}

type Method = "get" | "post" | "patch" | "delete";

/** So many pages are read of one list: 10,000 entries. */
const MOST_PAGES = 100;

/** The REST API of GitHub, for one repository, as far as other forges have it, too. Calls are made one after the other. */
export class Forge {
  private readonly http: AxiosInstance = repeating();

  constructor(
    private readonly settings: ForgeSettings,
    private readonly signal: AbortSignal,
  ) {}

  get repository(): string {
    return this.settings.repository;
  }

  /**
   * The answer of one call.
   * @param attempt What is attempted, for errors: `comment on pull request 7`.
   * @param path Below `/repos/<owner>/<name>`.
   * @throws ForgeError
   */
  async call<T>(attempt: string, method: Method, path: string, data?: unknown): Promise<T> {
    return (await this.request<T>(attempt, method, this.url(path), data)).data;
  }

  /** All entries of a list, from all of its pages. */
  async all<T>(attempt: string, path: string): Promise<T[]> {
    const found: T[] = [];
    let url: string | undefined = this.url(path);
    for (let page = 0; url !== undefined; page++) {
      if (page === MOST_PAGES) throw new ForgeError(`cannot ${attempt}: too many pages`, undefined, false);
      const { data, headers }: AxiosResponse<T[]> = await this.request<T[]>(attempt, "get", url);
      if (!Array.isArray(data))
        throw new ForgeError(`cannot ${attempt}: ${this.place} answers no list`, undefined, false);
      found.push(...data);
      url = this.next(headers.link);
    }
    return found;
  }

  private url = (path: string): string => `${this.settings.apiUrl}/repos/${this.settings.repository}${path}`;

  /** The next page, as `link` names it. The token goes to no other server. */
  private next(link: unknown): string | undefined {
    const url = /<([^>]*)>\s*;\s*rel="?next"?/.exec(String(link ?? ""))?.[1];
    const { apiUrl } = this.settings;
    return url !== undefined && URL.canParse(url, apiUrl) && new URL(url, apiUrl).origin === this.place
      ? new URL(url, apiUrl).href
      : undefined;
  }

  private get place(): string {
    return new URL(this.settings.apiUrl).origin;
  }

  private async request<T>(attempt: string, method: Method, url: string, data?: unknown) {
    const headers = {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${this.settings.token}`,
      "x-github-api-version": "2022-11-28",
    };
    try {
      const request = this.http.request<T>({ method, url, headers, signal: this.signal, data });
      return await withProgress(`${attempt}…`, request);
    } catch (error) {
      this.signal.throwIfAborted();
      const { response, code } = error as AxiosError<Refusal>;
      const what =
        response === undefined
          ? `${this.place} does not answer (${code ?? "connection lost"}), check GITHUB_API_URL`
          : this.refusal(response);
      throw new ForgeError(`cannot ${attempt}: ${what}`, response?.status, isLost(error as AxiosError));
    }
  }

  private refusal(response: AxiosResponse<Refusal>): string {
    const { status, data } = response;
    const details = Array.isArray(data?.errors) ? data.errors.map((one) => one?.message ?? one?.code) : [];
    const said = [data?.message, ...details]
      .filter((text) => typeof text === "string")
      .join(", ")
      .replaceAll(this.settings.token, "[secret]");
    const told = said === "" ? "" : ` (${visible(said.slice(0, 300)).replaceAll("\n", " ")})`;
    return `${this.place} answers ${status}${told}${remedy(response, this.repository)}`;
  }
}

interface Refusal {
  message?: unknown;
  errors?: ({ message?: unknown; code?: unknown } | undefined)[];
}

/** What may help. */
function remedy(response: AxiosResponse, repository: string): string {
  if (isRateLimit(response)) return ", which limits how much is called: run the job again later";
  switch (response.status) {
    case 401:
      return ", the token is none or no longer one";
    case 403:
      return ", look whether the job's `permissions` let it do that";
    case 404:
      return `, look whether it is there in ${repository}, and whether the token may see it`;
    default:
      return "";
  }
}
