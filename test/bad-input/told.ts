import { KRATOS_VERSION } from "../../toolchain/versions";
import { kratosBinaries, kratosVersion } from "../kratos/server";

/**
 * Tests about `what`, with each Kratos at hand. They compare with `expectTold` what a user is told with its snapshot.
 * Snapshots are those of the pinned Kratos: jest fails a run that leaves some unused, and other versions say the same in
 * words and warnings of their own.
 */
export function describeTold(
  what: string,
  tests: (binary: string, expectTold: (said: string) => void) => void,
): void {
  describe.each(kratosBinaries().map((binary) => [kratosVersion(binary), binary]))(
    `${what}, with Kratos %s`,
    (version, binary) =>
      tests(binary, (said) => {
        if (version === KRATOS_VERSION) expect(said).toMatchSnapshot();
        else expect(said).toMatch(/\S/);
      }),
  );
}
