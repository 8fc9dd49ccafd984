import { plainSecrets } from "../../infra/identity-config/sensitive";
import { judges } from "./examples";

const VALUE = "/courier/channels[id=sms]/request_config/auth/config/value";

judges("plaintext-secret", {
  violated: [[VALUE, {}, { plain: [VALUE] }]],
  kept: [[{}], [{}, { plain: [] }]],
});

test("a secret is plain where a sensitive path holds a text that is no reference", () => {
  const auth = (value: string) => ({
    id: "sms",
    request_config: { auth: { type: "api_key", config: { value } } },
  });
  expect(plainSecrets({ courier: { channels: [auth("k-123")] } })).toEqual([VALUE]);
  expect(plainSecrets({ courier: { channels: [auth("secret:sms-key")] } })).toEqual([]);
  expect(plainSecrets({ courier: { channels: [auth("")] } })).toEqual([]);
});

test("a URL is a secret where a password is in it", () => {
  const uri = (connection_uri: string) => plainSecrets({ courier: { smtp: { connection_uri } } });
  const path = "/courier/smtp/connection_uri";
  expect(uri("smtp://ada:pa/ss@mail.shop.example")).toEqual([path]);
  expect(uri("smtp://mail.shop.example/?server_name=a@b")).toEqual([]);
  expect(uri("smtp://ada@mail.shop.example")).toEqual([]);
  expect(plainSecrets({ dsn: "sqlite:///var/lib/kratos.sqlite" })).toEqual([]);
  expect(plainSecrets({ dsn: "postgres://ada:pw@db/kratos" })).toEqual(["/dsn"]);
  const url = "https://ada:pw@crm.shop.example";
  const login = { after: { hooks: [{ hook: "web_hook", config: { url } }] } };
  expect(plainSecrets({ selfservice: { flows: { login } } })).toEqual([
    "/selfservice/flows/login/after/hooks/0/config/url",
  ]);
});
