import { leavesOf } from "../../identity-config/leaves";
import { type Document, inlineText } from "../../identity-config/model";
import { scalarsOf } from "../../identity-config/scalars";
import { redactText } from "../../identity-config/sensitive";
import { UserError } from "../../identity-config/user-error";
import type { Machine } from "./machine";

/** Longest time that one text may take, in milliseconds; it usually takes 0.1 s. Kratos itself gives a second. */
const TIME_LIMIT = 10_000;

/** Where Jsonnet stands in a config: bodies of messages and web hooks, and mappers of social sign-in. */
const JSONNET = /\/request_config\/body$|\/hooks\/.*\/config\/body$|\/mapper_url$/;

/** Where Kratos passes a message, so that a text can be tried on all that it will be given. */
const OF_MESSAGES = /^\/courier\//;

/** A message as the courier passes it to Jsonnet (ory/kratos v1.3.1 courier/http_channel.go, httpDataModel). */
const message = (template: string, code: string) => ({
  recipient: "+4917012345678",
  subject: "Your code",
  body: "Your code is: 123456",
  template_type: template,
  template_data: { to: "+4917012345678", [code]: "123456", identity: { traits: {} }, transient_payload: {} },
  message_type: "sms",
  request_headers: {},
});
const MESSAGES = ["verification", "recovery", "login", "registration"].map((flow) =>
  message(`${flow}_code_valid`, `${flow}_code`),
);

/** Runs texts the way Kratos does. */
export interface Evaluator {
  machine: Machine;
  binary: string;
  secrets: readonly string[];
}

/**
 * Has Kratos itself evaluate every inlined Jsonnet of `config`, which its start does not. Throws UserError where one
 * is no Jsonnet, does not end, or, of a message's body, fails on every message.
 */
export async function tryJsonnet(config: Document, evaluator: Evaluator, signal: AbortSignal): Promise<void> {
  const texts = inlinedTexts(config).filter(([path]) => JSONNET.test(path));
  const faults = await Promise.all(
    texts.map(async ([path, text]) => {
      const fault = await faultOf(text, OF_MESSAGES.test(path), evaluator, signal);
      return fault === undefined ? [] : [`${path}: ${fault}`];
    }),
  );
  signal.throwIfAborted();
  const found = faults.flat().map((fault) => `\n  ${redactText(fault, evaluator.secrets).slice(0, 300)}`);
  if (found.length > 0)
    throw new UserError(`Kratos cannot run this Jsonnet; nothing was written:${found.join("")}`);
}

/** The `base64://` texts of `config`, by path; arrays that are leaves are looked into. */
function inlinedTexts(config: Document): [string, string][] {
  const scalars = [...leavesOf(config)].flatMap(([path, value]) => scalarsOf(value, path));
  return scalars.flatMap(([path, scalar]) => {
    const text = inlineText(scalar);
    return text === undefined ? [] : [[path, text]];
  });
}

async function faultOf(
  text: string,
  ofMessages: boolean,
  { machine, binary }: Evaluator,
  signal: AbortSignal,
): Promise<string | undefined> {
  const input = (ofMessages ? MESSAGES : [{}]).map((ctx) =>
    JSON.stringify({
      Filename: "jsonnet",
      Snippet: text,
      // What is no function takes no notice of it.
      TLACodes: [{ Key: "ctx", Value: JSON.stringify(ctx) }],
    }),
  );
  const process = machine.start(binary, ["jsonnet", "-0"], {
    signal,
    input: `${input.join("\0")}\0`,
    limit: TIME_LIMIT,
  });
  const code = await process.exited;
  if (signal.aborted) return undefined;
  // Kratos's workers read texts through a buffer of 64 KB, the message among it.
  if (/token too long/.test(process.output()))
    return "it is longer than the 64 KB that Kratos can run; shorten it";
  if (code !== 0) return "it does not end; see that it does not call itself without end";
  const errors = process
    .output()
    .split("\0")
    .flatMap((output) => /^ERROR: (.*)/.exec(output)?.[1] ?? []);
  const fatal = errors.find(
    (error) => !error.startsWith("RUNTIME ERROR") || /import not available/.test(error),
  );
  if (fatal !== undefined) return inWords(fatal);
  return ofMessages && errors.length === input.length
    ? `it fails on every message: ${inWords(errors[0]!)}`
    : undefined;
}

/** `jsonnet:1:24-30 Expected …` as a sentence. */
const inWords = (error: string): string =>
  error.replace(/^RUNTIME ERROR: /, "").replace(/^jsonnet:(\d+):(\d+)\S* /, "line $1, column $2: ");
