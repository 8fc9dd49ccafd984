/** `node --import tsx start-in.ts <stack file> <folder>`: what `npm start` does, with another stack file and folder. */
import { runAsProgram } from "../../local/program";
import { start } from "../../local/start";

const [stackFile, folder] = process.argv.slice(2);
void runAsProgram((signal) => start({ stackFile, folder, signal, log: (line) => console.log(line) }));
