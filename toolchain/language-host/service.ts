import {
  type handleUnaryCall,
  type ServerWritableStream,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  GetProgramDependenciesResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  RuntimeOptionsResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PULUMI_VERSION } from "../versions";
import type { Children } from "./children";
import { runPlugin } from "./run-plugin";
import { runProgram } from "./run-program";

function unary<Q, A>(answer: (request: Q) => A | Promise<A>): handleUnaryCall<Q, A> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback({ code: status.UNKNOWN, details: (error as Error).message });
    }
  };
}

function streaming<Q, A>(
  answer: (call: ServerWritableStream<Q, A>) => void | Promise<void>,
): (call: ServerWritableStream<Q, A>) => Promise<void> {
  return async (call) => {
    try {
      await answer(call);
      call.end();
    } catch (error) {
      call.emit("error", { code: status.UNKNOWN, details: (error as Error).message });
    }
  };
}

type Answered = Pick<
  ILanguageRuntimeServer,
  | "handshake"
  | "getPluginInfo"
  | "getRequiredPackages"
  | "getRequiredPlugins"
  | "installDependencies"
  | "runtimeOptionsPrompts"
  | "about"
  | "getProgramDependencies"
  | "generateProgram"
  | "run"
  | "runPlugin"
  | "cancel"
>;

/**
 * What the engine asks of a Node language host. Plugins and dependencies are never fetched here: the clone's npm
 * packages bring them, so none are reported as required.
 */
export function languageRuntime(engineAddress: string, children: Children): UntypedServiceImplementation {
  let engine = engineAddress;
  const service: Answered = {
    handshake: unary((request) => {
      engine = request.getEngineAddress() || engine;
      return new LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(PULUMI_VERSION)),
    getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new GetRequiredPluginsResponse()),
    installDependencies: streaming(() => {}),
    runtimeOptionsPrompts: unary(() => new RuntimeOptionsResponse()),
    about: unary(() => new AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    getProgramDependencies: unary(() => new GetProgramDependenciesResponse()),
    generateProgram: unary(() => {
      throw new Error(
        "this Node language host generates no code. A resource that was imported is in the state nevertheless: declare it in your program (see README.md, Import), and import with --generate-code=false",
      );
    }),
    run: unary((request) => runProgram(request, engine, children)),
    runPlugin: streaming((call) => runPlugin(call, children)),
    cancel: unary(async () => {
      await children.stop();
      return new Empty();
    }),
  };
  return service;
}
