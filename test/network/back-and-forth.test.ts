import type { State } from "../provider/resource";
import { NetworkScene, PROJECT } from "./scene";
import { declaration, sideOf } from "./sides";

describe("a declaration that goes back and forth", () => {
  it.each([0, 1, 2, 5])(
    "lists each schema once, where its id comes %d reads after the write",
    async (schemaIdsAfterReads) => {
      const scene = await NetworkScene.start({ quirks: { schemaIdsAfterReads } });
      try {
        let state: State | undefined;
        for (const side of ["old", "new", "old", "new", "old"] as const) {
          state = await scene.up(declaration(PROJECT, side), state);
          expect(sideOf(scene.live())).toBe(side);
          const { schemas } = scene.live().identity as { schemas: { url: string }[] };
          expect(new Set(schemas.map(({ url }) => url)).size).toBe(schemas.length);
        }
      } finally {
        await scene.stop();
      }
    },
  );
});
