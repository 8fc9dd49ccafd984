import { Asset, CourierChannel, EmailDelivery, type HttpAuth } from "../../infra/index";
import { declared } from "./declared";
import { MockEngine } from "./engine";

beforeEach(() => new MockEngine().start());

const url = "https://sms.shop.example/send";

/** The request_config of the channel that `new CourierChannel("sms", args)` declares. */
function request(args: ConstructorParameters<typeof CourierChannel>[1]): Record<string, unknown> {
  const { courier } = declared(new CourierChannel("sms", args)) as {
    courier: { channels: [{ request_config: Record<string, unknown> }] };
  };
  return courier.channels[0].request_config;
}

describe("CourierChannel", () => {
  it("declares what Kratos does not fill in by itself: id, type, method and body", () => {
    expect(declared(new CourierChannel("texts", { url }))).toEqual({
      courier: {
        channels: [
          {
            id: "sms",
            type: "http",
            request_config: { url, method: "POST", body: expect.any(Asset) },
          },
        ],
      },
    });
  });

  it("sends every field of a message under its own name by default", () => {
    const body = request({ url }).body as Asset;
    expect(body.name).toBe("messages/sms/sms.jsonnet");
    expect(body.text).toMatch(/^function\(ctx\) \{.*\}\n$/s);
    for (const field of ["recipient", "template_type", "subject", "body", "template_data"]) {
      expect(body.text).toContain(`ctx.${field}`);
    }
  });

  it("takes method, headers and a body from its arguments", () => {
    const headers = { "Content-Type": "application/json" };
    const given = new Asset("own.jsonnet", "function(ctx) {}");
    expect(request({ url, method: "PUT", headers, body: given })).toEqual({
      url,
      method: "PUT",
      headers,
      body: given,
    });
    expect(request({ url, body: "function(ctx) { a: 1 }" }).body).toEqual(
      new Asset("messages/sms/sms.jsonnet", "function(ctx) { a: 1 }"),
    );
  });

  const value = "secret:key";
  it.each<[string, HttpAuth, unknown]>([
    [
      "a header",
      { header: "X-Api-Key", value },
      { type: "api_key", config: { name: "X-Api-Key", value, in: "header" } },
    ],
    [
      "a cookie",
      { cookie: "session", value },
      { type: "api_key", config: { name: "session", value, in: "cookie" } },
    ],
    [
      "user and password",
      { user: "shop", password: value },
      { type: "basic_auth", config: { user: "shop", password: value } },
    ],
    [
      "a header, where the other keys are there but undefined",
      { header: "X-Api-Key", value, user: undefined, password: undefined, cookie: undefined },
      { type: "api_key", config: { name: "X-Api-Key", value, in: "header" } },
    ],
  ])("authenticates by %s", (_by, auth, expected) => {
    expect(request({ url, auth }).auth).toEqual(expected);
  });
});

describe("EmailDelivery", () => {
  it("by smtp declares the strategy, the server and the sender", () => {
    const smtp = {
      connectionUri: "secret:smtp-uri",
      fromAddress: "no-reply@shop.example",
      fromName: "Shop",
      headers: { "X-SES-SOURCE-ARN": "arn" },
    };
    expect(declared(new EmailDelivery("email", { smtp }))).toEqual({
      courier: {
        delivery_strategy: "smtp",
        smtp: {
          connection_uri: "secret:smtp-uri",
          from_address: "no-reply@shop.example",
          from_name: "Shop",
          headers: { "X-SES-SOURCE-ARN": "arn" },
        },
      },
    });
  });

  it("by smtp declares nothing of the sender where it is left out", () => {
    expect(declared(new EmailDelivery("email", { smtp: { connectionUri: "secret:smtp-uri" } }))).toEqual({
      courier: { delivery_strategy: "smtp", smtp: { connection_uri: "secret:smtp-uri" } },
    });
  });

  it("by http declares the strategy and the whole request", () => {
    expect(declared(new EmailDelivery("email", { http: { url } }))).toEqual({
      courier: {
        delivery_strategy: "http",
        http: { request_config: { url, method: "POST", body: expect.any(Asset) } },
      },
    });
  });
});
