import type { Document } from "../../infra/identity-config/model";
import { kratosVersion } from "../kratos/server";
import { violations } from "./review";

/** What a rule thinks of a config: `violated`, `kept`, or `undecided`. */
export function verdict(rule: string, config: Document, binary: string): string {
  const found = violations(rule, config, { kratosVersion: kratosVersion(binary) });
  if (found.length === 0) return "kept";
  return found.some(({ undecided }) => !undecided) ? "violated" : "undecided";
}
