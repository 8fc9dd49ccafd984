import { ChannelCredentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** `debug` is shown to nobody who does not ask for it, and stands in the engine's events. */
export type LogLevel = "debug" | "info" | "warning";

/** Shows messages on resources of a deployment. */
export type EngineLog = (severity: LogLevel, urn: string, message: string) => Promise<void>;

const LEVELS = { debug: LogSeverity.DEBUG, info: LogSeverity.INFO, warning: LogSeverity.WARNING } as const;

/**
 * Connects to the engine at `address`; messages of a plugin's own standard output are hidden by the engine. They are
 * sent one after the other, since the engine shows them in whichever order its handlers get to run.
 */
export function engineLog(address: string): EngineLog {
  const client = new EngineClient(address, ChannelCredentials.createInsecure());
  const send = (severity: LogLevel, urn: string, message: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = new LogRequest();
      request.setSeverity(LEVELS[severity]);
      request.setUrn(urn);
      request.setMessage(message);
      client.log(request, (error) => (error ? reject(error) : resolve()));
    });
  let last: Promise<unknown> = Promise.resolve();
  return (...line) => {
    const sent = last.then(() => send(...line));
    last = sent.catch(() => undefined);
    return sent;
  };
}
