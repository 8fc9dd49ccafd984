/** `node --import tsx dev-in.ts <project>`: what `npm run dev` does, in the project of another folder. */
import { dev } from "../../local/dev";
import { runAsProgram } from "../../local/program";

const project = process.argv[2];
void runAsProgram((signal) => dev({ project, signal, log: (line) => console.log(line) }), {
  interruptedCode: 0,
});
