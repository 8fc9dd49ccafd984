import type { JourneyChange } from "./compare";
import type { Journey } from "./journey";
import { nameOf, stepsOf } from "./words";

/**
 * `text` as a label of a Mermaid diagram. All but letters, digits, spaces and a few signs become the codes that Mermaid
 * shows as those characters, so that nothing that comes from a config can end a label or say anything to Mermaid.
 */
export const label = (text: string): string =>
  `"${[...text].map((sign) => (/^[\p{L}\p{N} ,.-]$/u.test(sign) ? sign : `#${sign.codePointAt(0)};`)).join("")}"`;

/** Changes of journeys as a Mermaid flowchart: each before beside its after. */
export function mermaid(changes: readonly JourneyChange[]): string {
  const lines = ["flowchart TB"];
  for (const [index, { who, before, after }] of changes.entries()) {
    lines.push(`  subgraph c${index}[${label(`${nameOf(after)}: ${who.join(", ")}`)}]`);
    lines.push(...half(`c${index}b`, "before", before), ...half(`c${index}a`, "after", after));
    lines.push(`    c${index}b ~~~ c${index}a`, "  end");
  }
  return `${lines.join("\n")}\n`;
}

function half(id: string, title: string, journey: Journey): string[] {
  const chains = journey.paths.flatMap((path, way) => {
    const steps = stepsOf(journey, path);
    const nodes = steps.map((step, at) => {
      const node = `${id}${way}n${at}`;
      return at === steps.length - 1 ? `${node}([${label(step)}])` : `${node}[${label(step)}]`;
    });
    return [`      ${nodes.join(" --> ")}`];
  });
  return [`    subgraph ${id}[${label(title)}]`, "      direction LR", ...chains, "    end"];
}
