import { plan } from "../../infra/identity-config/change-set";
import type { Document } from "../../infra/identity-config/model";
import type { Review } from "../../policies/rules/rule";
import { violations } from "./review";

/** What `restart-required` says of `after` in the place of `before`. */
function told(before: Document, after: Document, review: Partial<Review> = {}): string[] {
  const { changes } = plan(
    { effective: before, defaults: {}, managed: [] },
    { declared: after, owned: [], release: [], secrets: [] },
  );
  return violations("restart-required", after, { observed: before, changes, ...review }).map(
    ({ path, message, remedy }) => `${path}: ${message}; ${remedy}`,
  );
}

const channel = {
  courier: {
    channels: [
      { id: "sms", type: "http", request_config: { url: "https://sms.shop.example/", method: "POST" } },
    ],
  },
};

test("what is restarted is told once, with the paths that wait for it", () => {
  const news = { log: { level: "debug" }, hashers: { algorithm: "argon2" }, ...channel };
  expect(told({}, news)).toEqual([
    "/courier/channels[id=sms]/request_config/method: hot reload does not apply /courier/channels[id=sms]/request_config/method, /courier/channels[id=sms]/request_config/url and 1 more; restart the courier after this update",
    "/hashers/algorithm: hot reload does not apply /hashers/algorithm, /log/level; restart kratos after this update",
  ]);
});

test("from 25.4 on the courier takes its channels by hot reload; kratos still does not listen elsewhere", () => {
  const news = {
    serve: { admin: { port: 4444 }, public: { tls: { cert: { path: "/tls.crt" } } } },
    ...channel,
  };
  expect(told({}, news, { kratosVersion: "25.4.0" })).toEqual([
    "/serve/admin/port: hot reload does not apply /serve/admin/port, /serve/public/tls/cert/path; restart kratos after this update",
  ]);
});

test("what hot reload applies, and what does not change, needs none", () => {
  const same = { log: { level: "info" }, ...channel };
  const before = { ...same, serve: { public: { base_url: "https://a.shop.example/" } } };
  const after = {
    ...same,
    serve: { public: { base_url: "https://b.shop.example/", cors: { enabled: true } } },
    secrets: { cookie: ["a-secret-of-the-cookies"] },
    session: { lifespan: "2h" },
    courier: { ...channel.courier, templates: { login_code: { valid: { email: {} } } } },
  };
  expect(told(before, after)).toEqual([]);
});

test("a courier that sends by SMTP anyway is not restarted for it", () => {
  expect(told({}, { courier: { delivery_strategy: "smtp" } })).toEqual([]);
  expect(told({}, { courier: { delivery_strategy: "http" } })).toHaveLength(1);
});

test("nobody restarts Ory Network", () => {
  expect(told({}, { ...channel, hashers: { algorithm: "argon2" } }, { target: "network" })).toEqual([]);
});
