import type { ServerWritableStream } from "@grpc/grpc-js";
import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import type { Children } from "./children";
import { locateRunner, runtimeOptions } from "./runtime-options";

function environment(request: RunPluginRequest): NodeJS.ProcessEnv {
  const entries = request.getEnvList().map((entry): [string, string] => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : process.env;
}

/** Runs a policy pack (kind `analyzer`) or another plugin to its end, passing its output on as it comes, then its exit code. */
export async function runPlugin(
  call: ServerWritableStream<RunPluginRequest, RunPluginResponse>,
  children: Children,
): Promise<void> {
  const request = call.request;
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const { nodeArgs, env } = runtimeOptions(request.getInfo());
  const isPack = request.getKind() === "analyzer";
  const runner = locateRunner(`@pulumi/pulumi/cmd/${isPack ? "run-policy-pack" : "run-plugin"}`, directory);
  // The official host puts nodeargs behind the runner, where Node ignores them. A pack that needs them would work with
  // this host only, so the order is kept.
  const args = [runner, ...nodeArgs];
  args.push(...(isPack ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()]));

  const { child, ended } = children.start(args, {
    cwd: isPack ? directory : request.getPwd(),
    env: { ...environment(request), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStdout(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStderr(chunk)));
  call.on("cancelled", () => children.interrupt(child));
  const { code, error } = await ended;
  if (error) {
    throw error;
  }
  call.write(new RunPluginResponse().setExitcode(code ?? 1));
}
