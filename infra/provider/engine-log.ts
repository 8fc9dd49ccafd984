import { ChannelCredentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Shows messages on resources of a deployment. */
export type EngineLog = (severity: "info" | "warning", urn: string, message: string) => Promise<void>;

/** Connects to the engine at `address`; messages of a plugin's own standard output are hidden by the engine. */
export function engineLog(address: string): EngineLog {
  const client = new EngineClient(address, ChannelCredentials.createInsecure());
  return (severity, urn, message) =>
    new Promise((resolve, reject) => {
      const request = new LogRequest();
      request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setUrn(urn);
      request.setMessage(message);
      client.log(request, (error) => (error ? reject(error) : resolve()));
    });
}
