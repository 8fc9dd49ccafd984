import { delimiter } from "node:path";

/** The Kratos programs to test with, from PULUMI_ORY_KRATOS_BINARIES. */
export function kratosBinaries(): string[] {
  const binaries = (process.env.PULUMI_ORY_KRATOS_BINARIES ?? "").split(delimiter).filter(Boolean);
  if (binaries.length === 0) {
    throw new Error(
      "PULUMI_ORY_KRATOS_BINARIES names no Kratos to test with, run `npm test`, which builds one",
    );
  }
  return binaries;
}
