import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { ChannelCredentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Properties, toWire } from "../../infra/provider/wire";

/** A message that the plugin showed on a resource. */
export interface Logged {
  urn: string;
  message: string;
  /** 1 info, 2 warning. */
  severity: number;
}

/** A running plugin process, as an engine sees it. */
export interface Plugin {
  /** Calls a method of the wire. Rejects with what the engine would show. */
  call<Request, Response>(method: string, request: Request): Promise<Response>;
  /** Begins a phase, as the engine does with a new process: nothing that was read before counts. */
  configure(config?: Properties): Promise<void>;
  logs: Logged[];
  process: ChildProcess;
  stop(): Promise<void>;
}

const SHIM = resolve(__dirname, "../../infra/provider/pulumi-resource-ory");

/**
 * Starts the compiled plugin through its shim, with an engine that keeps what is logged.
 * @param wrapper A command that starts the command which follows it, such as `setpriv` with its options.
 */
export async function startPlugin(
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  wrapper: string[] = [],
): Promise<Plugin> {
  const logs: Logged[] = [];
  const engine = new Server();
  engine.addService(EngineService, {
    log: (call: { request: LogRequest }, respond: (error: null, response: Empty) => void) => {
      const { request } = call;
      logs.push({ urn: request.getUrn(), message: request.getMessage(), severity: request.getSeverity() });
      respond(null, new Empty());
    },
  });
  const port = await new Promise<number>((done, fail) =>
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? fail(error) : done(bound),
    ),
  );
  const [command, ...args] = [...wrapper, SHIM, `127.0.0.1:${port}`];
  const child = spawn(command!, args, {
    cwd,
    // What was approved is noted by parent process and URN; test files that share a worker must not share the notes.
    env: { ...process.env, XDG_CACHE_HOME: join(cwd, ".cache"), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [firstLine] = (await once(child.stdout!.setEncoding("utf8"), "data")) as [string];
  const client = new ResourceProviderClient(
    `127.0.0.1:${firstLine.trim()}`,
    ChannelCredentials.createInsecure(),
    {
      "grpc.max_receive_message_length": 400 * 1024 * 1024,
      "grpc.max_send_message_length": 400 * 1024 * 1024,
    },
  );
  const call = <Request, Response>(method: string, request: Request): Promise<Response> =>
    new Promise((done, fail) => {
      const unary = (client as unknown as Record<string, CallableFunction>)[method]!.bind(client);
      unary(request, (error: ServiceError | null, response: Response) =>
        error ? fail(new Error(error.details)) : done(response),
      );
    });
  const configure = async (config: Properties = {}) => {
    const request = new ConfigureRequest();
    request.setArgs(toWire(config));
    await call("configure", request);
  };
  await configure();
  return {
    call,
    configure,
    logs,
    process: child,
    async stop() {
      client.close();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      engine.forceShutdown();
    },
  };
}
