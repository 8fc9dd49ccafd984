/**
 * The Node language host that is used when Pulumi was built from its Go module, which comes without the official one.
 *
 * Run by the engine as `pulumi-language-nodejs [flags] <engine address>`. Prints the port it serves
 * `pulumirpc.LanguageRuntime` on as its first line, and ends when the engine that started it ends.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { Children } from "./language-host/children";
import { languageRuntime } from "./language-host/service";

const MEGABYTE = 1024 * 1024;
const ENGINE_CHECK_MS = 1000;

const engineAddress = process.argv.at(-1) ?? "";
const engine = process.ppid;
const children = new Children();
const server = new Server({ "grpc.max_receive_message_length": 400 * MEGABYTE });

async function end(): Promise<void> {
  await children.stop();
  process.exit(0);
}

server.addService(LanguageRuntimeService, languageRuntime(engineAddress, children));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    process.stderr.write(`the language host cannot serve: ${error.message}\n`);
    process.exit(1);
  }
  process.stdout.write(`${port}\n`);
});

process.on("SIGTERM", end);
process.on("SIGINT", end);
// An engine that was killed says nothing; its children get another parent.
setInterval(() => process.ppid !== engine && end(), ENGINE_CHECK_MS).unref();
