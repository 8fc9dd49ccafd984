import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../identity-config/user-error";
import type { SshConnection } from "./connection";

/** How long ssh may take to say why it closed a connection, in milliseconds. */
const SAYING = 50;

/**
 * Asks for something over a forwarding. Where a connection is closed without an answer, what ssh has said tells why:
 * throws UserError where the host forbids forwarding, and an error with the code ECONNREFUSED where nothing listens.
 */
export async function reach<T>(
  connection: SshConnection,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  const before = (await connection.said()).length;
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (!["ECONNRESET", "EPIPE", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await delay(SAYING);
    const said = (await connection.said()).slice(before);
    if (/administratively prohibited|request failed/.test(said)) {
      throw new UserError(
        `${connection.at.host} forbids forwarding, by which its Kratos is asked: allow it in sshd_config (AllowTcpForwarding local, AllowStreamLocalForwarding local) and in authorized_keys (port-forwarding)`,
      );
    }
    if (/open failed: (connect failed|resource shortage|unknown)/.test(said))
      throw Object.assign(new Error("nothing listens"), { code: "ECONNREFUSED" });
    throw error;
  }
}
