import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { engineLog } from "../../infra/provider/engine-log";

test("an engine that is slow with one line, or refuses it, gets the next ones after it", async () => {
  const shown: string[] = [];
  const engine = new Server();
  engine.addService(EngineService, {
    log({ request }: { request: LogRequest }, respond: (error: Error | null, response?: Empty) => void) {
      const line = request.getMessage();
      const answer = () => {
        shown.push(line);
        if (line === "refused") respond(new Error(line));
        else respond(null, new Empty());
      };
      if (line === "slow") setTimeout(answer, 200);
      else answer();
    },
  });
  const port = await new Promise<number>((done, fail) =>
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? fail(error) : done(bound),
    ),
  );
  try {
    const log = engineLog(`127.0.0.1:${port}`);
    const lines = ["slow", "refused", "quick"];
    const outcomes = await Promise.allSettled(lines.map((line) => log("info", "urn", line)));
    expect(shown).toEqual(lines);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  } finally {
    engine.forceShutdown();
  }
});
