import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { judges } from "./examples";

const REQUEST = "/courier/channels[id=sms]/request_config";
const EMAIL = "/courier/http/request_config";
const channel = (request_config: Json): Document => ({
  courier: { channels: [{ id: "sms", type: "http", request_config }] },
});
const email = (request_config: Json): Document => ({ courier: { http: { request_config } } });
const typed = (type: Json, name = "Content-Type") => ({ headers: { "X-Shop": "1", [name]: type } });

judges("channel-content-type", {
  violated: [
    [`${REQUEST}/headers/Content-Type`, channel(typed("application/json; charset=utf-8"))],
    [`${REQUEST}/headers/content-type`, channel(typed("text/plain", "content-type"))],
    [`${EMAIL}/headers/Content-Type`, email(typed("Application/JSON"))],
  ],
  kept: [
    [channel(typed("application/json"))],
    [channel(typed("application/x-www-form-urlencoded"))],
    [channel({ url: "https://sms.shop.example" })],
    [{}],
  ],
  undecided: [
    [`${REQUEST}/headers/Content-Type`, channel(typed(UNKNOWN))],
    [`${REQUEST}/headers`, channel({ headers: UNKNOWN })],
  ],
});

judges("channel-url-required", {
  violated: [
    [`${REQUEST}/url`, channel({ method: "POST" })],
    [`${REQUEST}/url`, channel({ url: "" })],
  ],
  kept: [
    [channel({ url: "https://sms.shop.example" })],
    [channel({ url: UNKNOWN })],
    [channel(UNKNOWN)],
    [{}],
  ],
});

const url = (text: string) => channel({ url: text });

judges("channel-url-encrypted", {
  violated: [
    [`${REQUEST}/url`, url("http://sms.shop.example/send")],
    [`${REQUEST}/url`, url("HTTP://user@sms.shop.example:8080")],
    [`${REQUEST}/url`, url("http://203.0.113.7/send")],
    [`${REQUEST}/url`, url("http://[2001:db8::1]/send")],
    [`${EMAIL}/url`, email({ url: "http://mail.shop.example" })],
  ],
  kept: [
    ..."https://sms.shop.example http://localhost:4437 http://127.0.0.1:4437 http://[::1]:80 http://sms"
      .split(" ")
      .map((text): [Document] => [url(text)]),
    ..."http://sms.shop.svc.cluster.local http://sms.shop.svc http://10.1.2.3 http://172.20.0.3 http://192.168.0.7"
      .split(" ")
      .map((text): [Document] => [url(text)]),
    [{}],
  ],
  undecided: [[`${REQUEST}/url`, channel({ url: UNKNOWN })]],
});
