import { readFileSync } from "node:fs";

const LINES = 8;
const LINE_LENGTH = 400;
// What Kratos prints at each start under --dev.
const BANNER =
  /^(YOU ARE RUNNING Ory KRATOS IN DEV MODE\.|SECURITY IS DISABLED\.|DON'T DO THIS IN PRODUCTION!|audience=application service_name=.*)$/;

/**
 * What a log of Kratos says about why it ended: its last errors, without requests, the usage text and repetitions, as
 * one line. Secrets are struck out: those given, user info in URLs, and the values of keys that hold secrets.
 */
export function lastErrors(logFile: string, secrets: string[]): string {
  const log = readFileSync(logFile, "utf8");
  // What is wrong with a config stands there for people ("^-- value must be false"), and twice more for programs.
  const repeated = log.includes("^-- ") ? /^(Error: )?I\[#|msg=Unable to instantiate configuration/ : /^$/;
  const errors: string[] = [];
  let usage = false;
  for (const raw of log.split("\n")) {
    const line = raw.trim();
    // Kratos prints its usage after an error, with indented lines between it and the error's own text.
    usage = /^Usage:/.test(line) || (usage && (line === "" || /^\s|^Flags:|^Global Flags:/.test(raw)));
    const quiet =
      usage ||
      line === "" ||
      BANNER.test(line) ||
      repeated.test(line) ||
      /level=(info|debug|trace|warning)\b/.test(line);
    if (!quiet && !errors.includes(line)) errors.push(line);
  }
  const text = errors
    .slice(-LINES)
    .map((line) => strikeOut(line, secrets).slice(0, LINE_LENGTH))
    .join(" | ");
  return text || "its log says nothing";
}

function strikeOut(line: string, secrets: string[]): string {
  return (
    secrets
      .reduce((text, secret) => text.replaceAll(secret, "***"), line)
      // The value of an invalid branch is printed whole.
      .replace(/: map\[.*/, ": ...")
      .replace(/(:\/\/)[^\s/@]+@/g, "$1***@")
      .replace(
        /((?:secrets?|cookie|cipher|password|connection_uri|dsn|client_secret|auth\.config\S*)\S*: )\S.*/i,
        "$1***",
      )
  );
}
