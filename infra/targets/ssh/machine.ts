import valid from "semver/functions/valid";
import { UserError } from "../../identity-config/user-error";
import type { ConfigFile } from "../kratos/config-file";
import type { Executable } from "../kratos/executable";
import { type GetOptions, httpGet, type Reply } from "../kratos/http-get";
import type { Machine } from "../kratos/machine";
import type { ThrowAway, ThrowAwayOptions } from "../kratos/throw-away";
import type { SshConnection } from "./connection";
import { readRemote, remoteObstacle } from "./files";
import { START, VERSION } from "./kratos-scripts";
import { reach } from "./reach";
import { startRemoteThrowAway } from "./throw-away";

/** A host that is reached over ssh. */
export class SshMachine implements Machine {
  constructor(private readonly connection: SshConnection) {}

  named(path: string): string {
    return `${this.connection.at.host}:${path}`;
  }

  readConfig(path: string, signal: AbortSignal): Promise<ConfigFile> {
    return readRemote(this.connection, path, "operator", signal);
  }

  async findExecutable(binary: string, signal: AbortSignal): Promise<Executable> {
    const { code, stdout, stderr } = await this.connection.run(VERSION, [binary], { signal });
    const failed = (reason: string) =>
      new UserError(
        `cannot run Kratos as "${binary}" on ${this.connection.at.host}: ${reason}; put the executable that your server runs on the PATH that ssh finds there, or name it in target.kratos.binary`,
      );
    if (code === 10) throw failed("there is no such executable");
    if (code === 13) throw failed("it is a folder");
    if (code === 14) throw failed("it is a file that may not be executed");
    if (code === 137) throw failed("it did not tell its version within 10 s");
    if (code === 127) throw failed(remoteObstacle(stderr));
    if (code !== 0) throw failed(`asked for its version, it ended with code ${code}`);
    const version = /^Version:\s*v?(\S+)/m.exec(stdout.toString("utf8"))?.[1];
    if (version === undefined) throw failed("it does not tell its version, so it is no Kratos");
    if (valid(version) === null)
      throw failed(`it says it is version "${version.slice(0, 50)}", not a released one`);
    return { path: binary, version };
  }

  start: Machine["start"] = (binary, args, { signal, input, limit }) => {
    let output = "";
    const parameters = [String(limit / 1000), binary, String(args.length), ...args];
    const ran = this.connection.run(START, parameters, { signal, input });
    const exited = ran.then(
      ({ code, stdout }) => {
        output = stdout.toString("utf8");
        return code;
      },
      (error) => {
        if (signal.aborted) return null;
        throw error;
      },
    );
    return { output: () => output, exited };
  };

  startThrowAway(options: ThrowAwayOptions): Promise<ThrowAway> {
    return startRemoteThrowAway(this.connection, options);
  }

  get = (url: string, options: GetOptions): Promise<Reply> =>
    reach(this.connection, options.signal, () =>
      httpGet(url, {
        ...options,
        via: ({ hostname, port, protocol }) => {
          const standard = protocol === "https:" ? "443" : "80";
          return this.connection.forward(`${hostname}:${port || standard}`, options.signal);
        },
      }),
    );
}
