/** `node --import tsx start-in.ts <stack file> <folder> [target]`: what `npm start` does, with another stack file and folder. */
import { runAsProgram } from "../../local/program";
import { type StartOptions, start } from "../../local/start";

const [stackFile, folder, target] = process.argv.slice(2);
void runAsProgram((signal) =>
  start({
    stackFile,
    folder,
    target: target as StartOptions["target"],
    signal,
    log: (line) => console.log(line),
  }),
);
