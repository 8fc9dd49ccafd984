import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An Admin API that lists identities that it makes up, by keyset pages. */
export interface ManyIdentities {
  url: string;
  /** The paths that were asked for. */
  calls: string[];
  close(): Promise<void>;
}

/** Every 10th has TOTP, every 7th a phone, every 4th is unverified, every 100th is deactivated. */
export function identityAt(index: number): object {
  const email = `person-${index}@shop.example`;
  const phone = index % 7 === 0 ? `+4915123${String(400000 + index)}` : undefined;
  const addresses = [
    { channel: "email", address: email },
    ...(phone === undefined ? [] : [{ channel: "sms", address: phone }]),
  ];
  return {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    schema_id: "default",
    state: index % 100 === 0 ? "inactive" : "active",
    traits: { email, ...(phone !== undefined && { phone }) },
    credentials: {
      password: { type: "password", identifiers: [email], version: 0 },
      code: { type: "code", identifiers: addresses.map(({ address }) => address), config: { addresses } },
      ...(index % 10 === 0 && { totp: { type: "totp", identifiers: [`${index}`], version: 0 } }),
    },
    verifiable_addresses: addresses.map(({ channel, address }) => ({
      value: address,
      via: channel,
      verified: index % 4 !== 0,
    })),
    recovery_addresses: [{ value: email, via: "email" }],
  };
}

/**
 * Serves `count` identities.
 * @param trouble May answer a request instead; true where it has.
 */
export async function startManyIdentities(
  count: number,
  trouble: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<ManyIdentities> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(request.url ?? "");
    if (trouble(request, response)) return;
    const { searchParams } = new URL(request.url ?? "", "http://localhost");
    response.setHeader("content-type", "application/json");
    if (searchParams.has("page")) {
      response.setHeader("x-total-count", String(count));
      response.end("[]");
      return;
    }
    const from = Number(searchParams.get("page_token") ?? 0);
    const to = Math.min(count, from + Number(searchParams.get("page_size")));
    if (to < count)
      response.setHeader(
        "link",
        `</admin/identities?page_size=500&page_token=0>; rel="first",</admin/identities?page_size=500&page_token=${to}>; rel="next"`,
      );
    const page = Array.from({ length: to - from }, (_, index) => JSON.stringify(identityAt(from + index)));
    response.end(`[${page.join(",")}]`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
