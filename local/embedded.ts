import { type LocalKratos, startLocalKratos } from "./kratos";
import { type Outbox, type OutboxMessage, startOutbox } from "./outbox";
import { OUTBOX_PORT } from "./stack-copy";

export type EmbeddedOptions = {
  /** The path of the Kratos program. */
  kratos: string;
  /** Where the Kratos's files live; an absolute path. */
  kratosDir: string;
  signal: AbortSignal;
  /** Told each thing that runs now, and what people should know later. */
  log: (line: string) => void;
  /** Called when Kratos ends by itself. */
  onDeath: (error: Error) => void;
};

/** The embedded default: a Kratos, and the outbox that receives its messages. */
export type Embedded = { outbox: Outbox; kratos: LocalKratos; stop(): Promise<void> };

/**
 * Starts the outbox, then Kratos, on their usual ports where these are free. Each code that arrives is told. What has
 * started is stopped when the rest does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { signal, log, onDeath } = options;
  const onArrival = (message: OutboxMessage) => log(arrival(message));
  const outbox = await startOutbox({ port: OUTBOX_PORT, onArrival }).catch(() => startOutbox({ onArrival }));
  if (outbox.port !== OUTBOX_PORT) log(`port ${OUTBOX_PORT} is taken, the outbox listens on ${outbox.port}`);
  log(`outbox at ${outbox.url} receives e-mails and SMS, GET /messages lists them`);
  try {
    const kratos = await startLocalKratos({
      binary: options.kratos,
      folder: options.kratosDir,
      signal,
      log,
      onDeath,
    });
    log(`kratos at ${kratos.publicUrl}, Admin API at ${kratos.adminUrl}`);
    return {
      outbox,
      kratos,
      async stop() {
        await Promise.all([kratos.stop(), outbox.stop()]);
      },
    };
  } catch (error) {
    await outbox.stop();
    throw error;
  }
}

function arrival({ channel, recipient, templateType, code }: OutboxMessage): string {
  const what = code === undefined ? `message ${templateType}` : `code ${code}`;
  return `outbox: ${what} for ${recipient} by ${channel === "email" ? "e-mail" : "SMS"}`;
}
