import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { httpGet } from "../../infra/targets/kratos/http-get";

let server: Server;
const served = async (listener: RequestListener): Promise<string> => {
  server = createServer(listener);
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const get = (url: string, more: { signal?: AbortSignal; timeout?: number; redirects?: number } = {}) =>
  httpGet(url, { signal: new AbortController().signal, timeout: 10_000, ...more });

/** The server's clock, which each answer tells. */
const date = expect.stringMatching(/ GMT$/);

/** Counts down: `/2` leads to `/1`, `/1` to `/0`, which answers. */
const counting: RequestListener = ({ url }, response) => {
  const left = Number(url!.slice(1));
  response.writeHead(left > 0 ? 302 : 200, { location: `/${left - 1}` }).end(`at ${left}`);
};

describe("a GET", () => {
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("follows as many redirections as it may", async () => {
    const url = await served(counting);
    await expect(get(`${url}/2`, { redirects: 2 })).resolves.toEqual({ status: 200, text: "at 0", date });
    await expect(get(`${url}/2`, { redirects: 1 })).resolves.toEqual({ status: 302, text: "at 1", date });
  });

  it("reads characters that come in two pieces", async () => {
    const [first, second] = [Buffer.from("ü").subarray(0, 1), Buffer.from("ü").subarray(1)];
    const url = await served((_request, response) => {
      response.write(first);
      setImmediate(() => response.end(second));
    });
    await expect(get(url)).resolves.toEqual({ status: 200, text: "ü", date });
  });

  it("ends at its time limit, also where an answer has begun", async () => {
    const url = await served((_request, response) => void response.write("x"));
    await expect(get(url, { timeout: 300 })).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });

  it("ends with the signal's reason", async () => {
    const url = await served(() => controller.abort(new Error("enough")));
    const controller = new AbortController();
    await expect(get(url, { signal: controller.signal })).rejects.toThrow("enough");
  });

  it("ends where the answer does not", async () => {
    const url = await served((_request, response) => {
      const more = (): unknown =>
        response.write("x".repeat(1_000_000)) ? setImmediate(more) : response.once("drain", more);
      more();
    });
    await expect(get(url, { timeout: 60_000 })).rejects.toThrow("longer than 50 MB");
  });

  it("tells by its code that nothing listens", async () => {
    const url = await served(() => {});
    await new Promise((done) => server.close(done));
    await expect(get(url)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
