import { plain } from "./plain";
import type { WeighedFinding } from "./reviewed";

/** What stands above the lines that consent. */
export const HOW_TO_CONSENT =
  "Whoever may decide this adds to the file of the stack, with who agreed and why, and has it reviewed:";

/** What a stack's file says where somebody consents to what `findings` refuse; none where nobody can, or not to all. */
export function consentLines(findings: readonly WeighedFinding[]): string[] {
  if (findings.some(isBeyondConsent)) return [];
  const entries = new Set(
    findings.flatMap(({ consent }) => (consent === undefined ? [] : shownInYaml(consent))),
  );
  if (entries.size === 0) return [];
  return ["config:", "  acknowledge:", ...[...entries].map((entry) => `    - ${entry}`)];
}

const isBeyondConsent = ({ severity, consent, waived }: WeighedFinding): boolean =>
  severity === "mandatory" && consent === undefined && waived === undefined;

/** Characters beyond the 65,536 first ones that nobody sees. */
const UNSEEN = /[\p{Cf}\p{Cs}]/gu;

/** `entry`, in whose quoted texts whatever cannot be seen stands as an escape of YAML. */
const shownInYaml = (entry: string): string =>
  plain(
    entry.replace(UNSEEN, (character) => {
      const code = character.codePointAt(0)!;
      return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : character;
    }),
  );
