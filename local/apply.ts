import type { Embedded } from "./embedded";
import type { Subject } from "./engine-report";
import type { Applied, LocalStack } from "./stack";
import type { LocalTarget } from "./stack-copy";

export type ApplyOptions = {
  stack: LocalStack;
  embedded: Embedded;
  target: LocalTarget;
  signal: AbortSignal;
  log: (line: string) => void;
  /** Called once, before the first step of the sign-in proof is told. */
  onProof?: () => void;
};

/** What an update brought, and whether the sign-in proof ran in it. */
export type Told = Applied & { proving: boolean };

const PREFIXES: Record<Subject, string> = {
  change: "",
  proof: "",
  policy: "policies: ",
  warning: "warning: ",
  output: "",
};

/** Applies the stack to the embedded Kratos, or to the project that it answers for, and tells what changes, and each step of the sign-in proof. */
export async function apply(options: ApplyOptions): Promise<Told> {
  const { stack, embedded, target, signal, log, onProof } = options;
  let proving = false;
  const applied = await stack.up({
    target,
    outboxUrl: embedded.outbox.url,
    signal,
    tell(subject, text) {
      // Here the courier is started again by itself.
      if (subject !== "change" && /\brestart the courier after this update$/.test(text)) return;
      if (subject === "proof" && !proving) {
        proving = true;
        onProof?.();
      }
      for (const line of `${PREFIXES[subject]}${text}`.split("\n")) log(line);
    },
  });
  return { ...applied, proving };
}

/** What an update brought, as the second half of a sentence. */
export function told({ changes, outputs: { proof }, proving }: Told): string {
  const changed =
    changes === 0 ? "nothing to change" : `${changes} ${changes === 1 ? "change" : "changes"} applied`;
  const proven = proof?.journeys.map(({ as }) => as).join(" and ");
  if (!proof) return `${changed}, no sign-in proof is asked for`;
  return proving
    ? `${changed}, sign-in proven with ${proven}`
    : `${changed}; sign-in was proven with ${proven} at ${proof.at}`;
}
