import { dirname, relative } from "node:path";
import { VERSION } from "./version";

/**
 * What makes a folder an npm package that type-checks; the user's from the start.
 * @param folder Where it comes to stand, absolute.
 * @param include The TypeScript in it, as a pattern.
 */
export function packageFiles(name: string, folder: string, include: string): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  return {
    "package.json": json({
      name,
      private: true,
      dependencies: { "@pulumi/pulumi": "^3.0.0", "pulumi-ory": ourselves(folder), tsx: "^4.0.0" },
      devDependencies: { "@types/node": "^20", typescript: "^6.0.3" },
    }),
    "tsconfig.json": json({
      compilerOptions: {
        target: "ES2022",
        module: "nodenext",
        moduleResolution: "nodenext",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
      },
      include: [include],
    }),
    ".gitignore": "node_modules/\n",
  };
}

/** This package as a dependency: by version where npm has installed it, else the folder that it runs from. */
function ourselves(folder: string): string {
  const root = dirname(require.resolve("pulumi-ory/package.json"));
  if (/[\\/]node_modules[\\/]/.test(root)) return `^${VERSION}`;
  return `file:${relative(folder, root).replaceAll("\\", "/")}`;
}
