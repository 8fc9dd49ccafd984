import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Part } from "./part";

/** Flows that have a page of their own. */
export type PageName = "login" | "registration" | "recovery" | "verification" | "settings" | "error";

/** Flows that end with a redirect. */
export type ReturnName = "login" | "registration" | "recovery" | "verification" | "settings" | "logout";

/** Arguments of UserInterface. URLs may be relative to Kratos's public URL. What is left out is not managed. */
export interface UserInterfaceArgs {
  /** Pages that show a flow (`ui_url`). Default: Kratos's own placeholders, which are of no use to anybody. */
  pages?: { [flow in PageName]?: Input<string> };
  /** Where browsers go after a flow, unless something else says so. */
  defaultReturnUrl?: Input<string>;
  /** Where browsers go after one kind of flow. */
  returnUrls?: { [flow in ReturnName]?: Input<string> };
  /** Prefixes of URLs that an application may name as `return_to`. Default: none but `defaultReturnUrl`. */
  allowedReturnUrls?: Input<string>[];
}

/**
 * Where the user interface is, and where browsers go afterwards.
 * @example
 * ```ts
 * new UserInterface("ui", {
 *   pages: { login: "https://shop.example/sign-in", settings: "https://shop.example/account" },
 *   defaultReturnUrl: "https://shop.example/",
 *   returnUrls: { logout: "https://shop.example/bye" },
 *   allowedReturnUrls: ["https://shop.example", "example.shop://auth"],
 * });
 * ```
 */
export class UserInterface extends Part {
  constructor(name: string, args: UserInterfaceArgs, opts?: ComponentResourceOptions) {
    const { pages = {}, defaultReturnUrl, returnUrls = {}, allowedReturnUrls } = args;
    const names = new Set([...Object.keys(pages), ...Object.keys(returnUrls)]) as Set<PageName & ReturnName>;
    const flows = Object.fromEntries(
      [...names].map((flow) => [
        flow,
        { ui_url: pages[flow], after: { default_browser_return_url: returnUrls[flow] } },
      ]),
    );
    const selfservice = {
      default_browser_return_url: defaultReturnUrl,
      allowed_return_urls: allowedReturnUrls,
      flows,
    };
    super("UserInterface", name, { selfservice }, opts);
  }
}
