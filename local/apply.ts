import type { Embedded } from "./embedded";
import type { Subject } from "./engine-report";
import type { Applied, LocalStack } from "./stack";

export type ApplyOptions = {
  stack: LocalStack;
  embedded: Embedded;
  /** The Kratos's folder, as the target shall name it. */
  kratosDir: string;
  signal: AbortSignal;
  log: (line: string) => void;
  /** Called once, before the first step of the sign-in proof is told. */
  onProof?: () => void;
};

const PREFIXES: Record<Subject, string> = {
  change: "",
  proof: "",
  policy: "policies: ",
  warning: "warning: ",
  output: "",
};

/** Applies the stack to the embedded Kratos, and tells what changes, and each step of the sign-in proof. */
export async function apply(options: ApplyOptions): Promise<Applied> {
  const { stack, embedded, kratosDir, signal, log, onProof } = options;
  let proving = false;
  return stack.up({
    kratosDir,
    outboxUrl: embedded.outbox.url,
    signal,
    tell(subject, text) {
      // Here the courier is started again by itself.
      if (subject === "warning" && /^restart the courier\b/.test(text)) return;
      if (subject === "proof" && !proving) {
        proving = true;
        onProof?.();
      }
      for (const line of `${PREFIXES[subject]}${text}`.split("\n")) log(line);
    },
  });
}

/** What an update brought, as the second half of a sentence. */
export function told({ changes, outputs: { proof } }: Applied): string {
  const changed =
    changes === 0 ? "nothing to change" : `${changes} ${changes === 1 ? "change" : "changes"} applied`;
  const proven = proof?.journeys.map(({ as }) => as).join(" and ");
  return `${changed}, ${proven ? `sign-in proven with ${proven}` : "no sign-in proof is asked for"}`;
}
