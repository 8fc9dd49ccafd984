import { CustomResource, type Output, type Resource, runtime } from "@pulumi/pulumi";

/** Stands for a value that the engine does not know yet. */
export const UNKNOWN = "(unknown)";

/** How a secret is shown in what was sent. */
export const secretly = (value: unknown) => ({ secret: value });

/** What one resource was registered with, as it went over the wire. */
export interface Sent {
  type: string;
  inputs: Record<string, unknown>;
}

// The SDK's signatures for values that are no JSON.
const SIGNATURE = runtime.specialSigKey;

function readable(value: unknown): unknown {
  if (value === runtime.unknownValue) return UNKNOWN;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (fields[SIGNATURE] === runtime.specialSecretSig) return secretly(readable(fields.value));
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, readable(field)]));
}

const COMPUTED = { digest: "d1", revision: "r1", target: { kratos: { name: "shop" } } };

/**
 * An engine that keeps what it is sent. The inputs that Pulumi hands to a mock are of no use here: there, an unknown
 * leaf is gone and a secret one makes the whole input secret.
 */
export class MockEngine {
  readonly #sent = new Map<string, Sent>();

  /**
   * Starts anew.
   * @param options `preview`: outputs that are not `computed` are unknown. Default: an update that computes a digest.
   */
  async start({ preview = false, computed = COMPUTED }: { preview?: boolean; computed?: object } = {}) {
    this.#sent.clear();
    await runtime.setMocks(
      {
        newResource: ({ name, type }) => ({ id: name, state: type === Gateway.type ? {} : computed }),
        call: () => ({}),
      },
      "shop",
      "test",
      preview,
      "organization",
    );
    // biome-ignore lint/suspicious/noExplicitAny: the SDK leaves the monitor's requests out of its types
    const monitor = runtime.getMonitor() as any;
    const register = monitor.registerResource.bind(monitor);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    monitor.registerResource = (request: any, callback: unknown) => {
      const inputs = readable(request.getObject().toJavaScript()) as Record<string, unknown>;
      this.#sent.set(request.getName(), { type: request.getType(), inputs });
      return register(request, callback);
    };
  }

  /** What `resource`, named `name`, was registered with. */
  async sent(name: string, resource: Resource): Promise<Sent> {
    await settled(resource.urn);
    return this.#sent.get(name)!;
  }
}

const settled = <T>(output: Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

/** A resource of someone else, whose `url` is not known before it is made. */
export class Gateway extends CustomResource {
  static readonly type = "test:index:Gateway";

  declare readonly url: Output<string>;

  constructor(name: string) {
    super(Gateway.type, name, { url: undefined });
  }
}
