import { setMaxListeners } from "node:events";
import { type handleUnaryCall, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { UserError } from "../identity-config/user-error";
import type { EngineLog } from "./engine-log";
import type { Common, Context, Difference, Lifecycle } from "./lifecycle";
import { fromWire, type Properties, toWire } from "./wire";

/** What the server serves. */
export interface Provider {
  version: string;
  /** The package schema as JSON. */
  schema: string;
  /** Lifecycles by type token. */
  resources: Record<string, Lifecycle>;
  surroundings: Common;
  /** Takes the provider's own configuration. Throws UserError. */
  configure(config: Properties): void;
  log: EngineLog;
}

const KINDS = {
  add: wire.PropertyDiff.Kind.ADD,
  update: wire.PropertyDiff.Kind.UPDATE,
  delete: wire.PropertyDiff.Kind.DELETE,
  replace: wire.PropertyDiff.Kind.UPDATE_REPLACE,
} as const;

/** The engine's own limit for a message; gRPC's default of 4 MB fails a large document. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** A server that listens. */
export interface Serving {
  port: number;
  /** Stops what is running; later requests are served. Settles when what was running has put things back. */
  cancel(): Promise<void>;
}

/** Serves `provider` on a free port of the loopback interface. */
export async function serve(provider: Provider): Promise<Serving> {
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  const requests = new Requests();
  server.addService(ResourceProviderService, implementation(provider, requests));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, cancel: () => requests.cancel() };
}

/** As many requests listen to one signal as the engine sends at once; Node takes more than ten for a leak. */
function newCanceller(): AbortController {
  const canceller = new AbortController();
  setMaxListeners(0, canceller.signal);
  return canceller;
}

/** The requests that are running. */
class Requests {
  private canceller = newCanceller();
  private readonly running = new Set<Promise<unknown>>();

  /** Aborts when the requests that run now are to stop. */
  get signal(): AbortSignal {
    return this.canceller.signal;
  }

  track<T>(request: Promise<T>): Promise<T> {
    this.running.add(request);
    const done = () => this.running.delete(request);
    request.then(done, done);
    return request;
  }

  async cancel(): Promise<void> {
    this.canceller.abort(new UserError("cancelled"));
    this.canceller = newCanceller();
    await Promise.allSettled(this.running);
  }
}

/** The wire's methods over `provider`: the only place that knows protocol messages. */
function implementation(provider: Provider, requests: Requests) {
  const answer = <Request, Response>(handle: (request: Request) => Promise<Response>) =>
    unary(requests, handle);
  const context = (urn: string): Context => ({
    urn,
    signal: requests.signal,
    ...provider.surroundings,
    log: (severity, message) => provider.log(severity, urn, message),
  });
  const lifecycle = (urn: string): Lifecycle => {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const found = Object.hasOwn(provider.resources, type) ? provider.resources[type] : undefined;
    if (!found) throw new UserError(`the provider ory has no resource type "${type}"`);
    return found;
  };
  const stored = (request: {
    getId(): string;
    getOldInputs(): Parameters<typeof fromWire>[0];
    getOlds(): Parameters<typeof fromWire>[0];
  }) => ({
    id: request.getId(),
    inputs: fromWire(request.getOldInputs()),
    outputs: fromWire(request.getOlds()),
  });

  return {
    handshake: answer(async () => {
      const response = new wire.ProviderHandshakeResponse();
      response.setAcceptSecrets(false);
      return response;
    }),
    getPluginInfo: answer(async () => {
      const response = new PluginInfo();
      response.setVersion(provider.version);
      return response;
    }),
    getSchema: answer(async () => {
      const response = new wire.GetSchemaResponse();
      response.setSchema(provider.schema);
      return response;
    }),
    checkConfig: answer(async (request: wire.CheckRequest) => {
      const response = new wire.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: answer(async () => new wire.DiffResponse()),
    configure: answer(async (request: wire.ConfigureRequest) => {
      provider.configure(fromWire(request.getArgs()));
      const response = new wire.ConfigureResponse();
      // Nested secrets then arrive without envelopes, and the engine marks them again on their way into the state.
      response.setAcceptsecrets(false);
      response.setSupportspreview(true);
      return response;
    }),
    check: answer(async (request: wire.CheckRequest) => {
      const urn = request.getUrn();
      const { inputs, failures } = await lifecycle(urn).check(fromWire(request.getNews()), context(urn));
      const response = new wire.CheckResponse();
      response.setInputs(toWire(inputs));
      response.setFailuresList(
        failures.map(({ property, reason }) => {
          const failure = new wire.CheckFailure();
          failure.setProperty(property);
          failure.setReason(reason);
          return failure;
        }),
      );
      return response;
    }),
    diff: answer(async (request: wire.DiffRequest) => {
      const urn = request.getUrn();
      return diffResponse(
        await lifecycle(urn).diff(stored(request), fromWire(request.getNews()), context(urn)),
      );
    }),
    create: answer(async (request: wire.CreateRequest) => {
      const urn = request.getUrn();
      const news = fromWire(request.getProperties());
      const { id, outputs } = await lifecycle(urn).create(news, request.getPreview(), context(urn));
      const response = new wire.CreateResponse();
      response.setId(id);
      response.setProperties(toWire(outputs));
      return response;
    }),
    update: answer(async (request: wire.UpdateRequest) => {
      const urn = request.getUrn();
      const news = fromWire(request.getNews());
      const outputs = await lifecycle(urn).update(stored(request), news, request.getPreview(), context(urn));
      const response = new wire.UpdateResponse();
      response.setProperties(toWire(outputs));
      return response;
    }),
    read: answer(async (request: wire.ReadRequest) => {
      const urn = request.getUrn();
      const old = {
        id: request.getId(),
        inputs: fromWire(request.getInputs()),
        outputs: fromWire(request.getProperties()),
      };
      const { id, inputs, outputs } = await lifecycle(urn).read(old, context(urn));
      const response = new wire.ReadResponse();
      response.setId(id);
      response.setInputs(toWire(inputs));
      response.setProperties(toWire(outputs));
      return response;
    }),
    delete: answer(async (request: wire.DeleteRequest) => {
      const urn = request.getUrn();
      const old = {
        id: request.getId(),
        inputs: fromWire(request.getOldInputs()),
        outputs: fromWire(request.getProperties()),
      };
      await lifecycle(urn).delete(old, context(urn));
      return new Empty();
    }),
    cancel: answer(async () => {
      void requests.cancel();
      return new Empty();
    }),
  };
}

function diffResponse({ changed, paths }: Difference): wire.DiffResponse {
  const response = new wire.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = wire.DiffResponse.DiffChanges;
  response.setChanges(changed ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(paths.size > 0);
  for (const [path, kind] of paths) {
    const difference = new wire.PropertyDiff();
    difference.setKind(KINDS[kind]);
    difference.setInputdiff(true);
    response.getDetaileddiffMap().set(path, difference);
    if (kind === "replace") response.addReplaces(path);
  }
  return response;
}

/** A user's mistake is shown as its message; only a defect of ours comes with its stack. */
function unary<Request, Response>(
  requests: Requests,
  handle: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, respond) => {
    const { signal } = requests;
    requests.track(handle(call.request)).then(
      (response) => respond(null, response),
      (error: Error) => {
        const shown = signal.aborted ? signal.reason : error;
        const message =
          shown instanceof UserError ? shown.message : `a defect of the provider ory: ${shown.stack}`;
        respond({ code: status.UNKNOWN, details: message, message } as ServiceError);
      },
    );
  };
}
