import { UserError } from "../../identity-config/user-error";
import { withTimeLimit } from "../../time-limit";
import { httpGet } from "../kratos/http-get";
import type { ThrowAway, ThrowAwayOptions } from "../kratos/throw-away";
import type { SshConnection } from "./connection";
import { remoteObstacle } from "./files";
import { GUARD } from "./kratos-scripts";
import { reach } from "./reach";
import { refusal } from "./refusal";
import type { Session } from "./session";
import { STAGE } from "./swap-script";

/** Longest wait for the host to make a folder, in milliseconds. */
const PREPARING = 30_000;

/** A shell tells a signal that ended its child by a code above this one. */
const SIGNALLED = 128;

/** Starts `kratos serve` on the host, on a configuration that nobody else there can read. */
export async function startRemoteThrowAway(
  connection: SshConnection,
  { binary, config, cwd, env, signal }: ThrowAwayOptions,
): Promise<ThrowAway> {
  const variables = Object.entries(env);
  const wrong = variables.find(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (wrong !== undefined) {
    throw new UserError(
      `cannot start a trial Kratos on ${connection.at.host}: ${JSON.stringify(wrong[0])} in target.kratos.env is no name of a variable; correct it`,
    );
  }
  const parameters = [binary, cwd, String(variables.length), ...variables.flat()];
  const session = await connection.session(GUARD, parameters, signal);
  const end = (): void => void session.child.stdin?.end();
  try {
    const folder = await firstLine(session, connection, signal);
    const file = `${folder}/kratos.yml`;
    const { code, stderr } = await connection.run(STAGE, [file], { signal, input: config(folder) });
    if (code !== 0) throw noRoom(connection, stderr);
    const sockets = ["public", "admin"].map((api) => `${folder}/${api}`);
    let isOver = false;
    const exited = session.ended.then(async (code) => {
      await Promise.all(sockets.map((one) => connection.unforward(one)));
      if (code === null && !isOver && !signal.aborted)
        throw new UserError(refusal(connection.at, session.stderr()));
      return code !== null && code <= SIGNALLED ? code : null;
    });
    // Whoever waits for it hears of it.
    exited.catch(() => undefined);
    session.child.stdin?.write("start\n");
    return {
      folder,
      // Its first line is the folder.
      output: () =>
        session
          .stdout()
          .toString("utf8")
          .slice(folder.length + 1),
      exited,
      end: () => {
        isOver = true;
        end();
      },
      ask: (api, path, options) =>
        reach(connection, options.signal, () =>
          httpGet(`http://trial${path}`, {
            ...options,
            via: () => connection.forward(`${folder}/${api}`, options.signal),
          }),
        ),
    };
  } catch (error) {
    end();
    throw error;
  }
}

async function firstLine(session: Session, connection: SshConnection, signal: AbortSignal): Promise<string> {
  const limit = withTimeLimit(PREPARING, signal);
  const late = new Promise<void>((resolve) => limit.addEventListener("abort", () => resolve()));
  let code: number | null | undefined;
  for (;;) {
    const line = /^(.*)\n/.exec(session.stdout().toString("utf8"))?.[1];
    if (line !== undefined) return line;
    signal.throwIfAborted();
    if (limit.aborted || code === null) throw new UserError(refusal(connection.at, session.stderr()));
    if (code !== undefined) throw noRoom(connection, session.stderr());
    const more = new Promise<void>((resolve) => session.child.stdout?.once("data", () => resolve()));
    const end = session.ended.then((ended) => {
      code = ended;
    });
    await Promise.race([more, end, late]);
  }
}

const noRoom = ({ at }: SshConnection, stderr: string): UserError =>
  new UserError(
    `cannot try the configuration in a temporary folder below /tmp on ${at.host}: ${remoteObstacle(stderr)}; nothing was written`,
  );
