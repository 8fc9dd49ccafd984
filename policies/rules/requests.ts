import { isBranch, isUnknown } from "../../infra/identity-config/model";
import { elementsAt, type Located, readAt } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import { contentTypeFaults } from "./content-type";
import type { Rule, Violation } from "./rule";

const EMAIL = "/courier/http/request_config";

const contentType: Rule = {
  id: "channel-content-type",
  severity: "mandatory",
  title: "a message is sent as JSON or as a form",
  why: "no message over the channel can be built; all are abandoned, and nobody is told",
  source: "ory/kratos v1.3.1 request/builder.go, addBody; the same in v26.2.0",
  needs: "effective",
  check: ({ effective }) =>
    requests(effective).flatMap(({ path, value }) =>
      contentTypeFaults(path, value, "no message leaves over it"),
    ),
};

const urlRequired: Rule = {
  id: "channel-url-required",
  severity: "mandatory",
  title: "a channel says where messages go",
  why: "no message over it is sent; all are abandoned, and nobody is told",
  source: "ory/kratos embedx/config.schema.json, httpRequestConfig, which does not require it",
  needs: "effective",
  check: ({ effective }) =>
    channels(effective).flatMap(({ path, value }) => {
      if (!isBranch(value) || isUnknown(value)) return [];
      const url = readAt(value, "/url");
      if (url !== undefined && url !== "") return [];
      const at = `${path}/url`;
      return [
        { path: at, message: "the channel's request has no URL", remedy: `set ${at} to the gateway's` },
      ];
    }),
};

const urlEncrypted: Rule = {
  id: "channel-url-encrypted",
  severity: "advisory",
  title: "codes do not cross the internet in clear text",
  why: "whoever is on the way reads the codes, and signs in with them",
  source: "ory/kratos embedx/config.schema.json, httpRequestConfig, which takes http:// as well",
  needs: "declared",
  check: ({ effective }) =>
    requests(effective).flatMap(({ path, value }): Violation[] => {
      const at = `${path}/url`;
      const url = readAt(value, "/url");
      if (isUnknown(url)) return [undecided(at)];
      if (typeof url !== "string" || !/^http:\/\//i.test(url) || !isPublic(url)) return [];
      return [
        {
          path: at,
          message: "codes are sent over http://, unencrypted",
          remedy: `set ${at} to the gateway's https:// URL`,
        },
      ];
    }),
};

/** A host that is not obviously of this machine, cluster or private network, where encryption is often done elsewhere. */
function isPublic(url: string): boolean {
  const host = /^http:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  if (host.startsWith("[")) return !/^\[(::1|f[cd]|fe80)/.test(host);
  if (/^\d+(\.\d+){3}$/.test(host))
    return !/^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  return (
    host.includes(".") && !/\.(localhost|local|internal|svc|cluster\.local|lan|home\.arpa)\.?$/.test(host)
  );
}

/** The requests that messages are sent by. */
const requests = (document: unknown): Located[] => [
  ...channels(document),
  { path: EMAIL, value: readAt(document, EMAIL) },
];

const channels = (document: unknown): Located[] =>
  elementsAt(document, "/courier/channels").map(({ path, value }) => ({
    path: `${path}/request_config`,
    value: readAt(value, "/request_config"),
  }));

export const requestRules: Rule[] = [contentType, urlRequired, urlEncrypted];
