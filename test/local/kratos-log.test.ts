import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastErrors } from "../../local/kratos-log";

const folder = mkdtempSync(join(tmpdir(), "kratos-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function errorsOf(log: string, secrets: string[] = []): string {
  const file = join(folder, "kratos.log");
  writeFileSync(file, log);
  return lastErrors(file, secrets);
}

test("usage, information and repetitions are left out", () => {
  const log = `time=1 level=info msg=started
The configuration contains values or keys which are invalid:
selfservice.methods.code.mfa_enabled: true
                                      ^-- value must be false
time=2 level=warning msg=careful
selfservice.methods.code.mfa_enabled: true
Error: I[#/selfservice/methods/code] anyOf failed
Usage:
  kratos serve [flags]

Flags:
  -c, --config strings   Path
      --dev              Disables

I[#/selfservice/methods/code] anyOf failed`;
  expect(errorsOf(log)).toBe(
    "The configuration contains values or keys which are invalid: | selfservice.methods.code.mfa_enabled: true | ^-- value must be false",
  );
});

test("secrets are struck out wherever they stand", () => {
  const log = `courier.smtp.connection_uri: smtpp://me:pw@mail.example
courier.http: map[request_config:map[auth:map[value:key]]]
level=error msg=cannot use topsecret at https://me:pw@sms.example/send
selfservice.x.auth.config.value: key`;
  expect(errorsOf(log, ["topsecret"])).toBe(
    "courier.smtp.connection_uri: *** | courier.http: ... | level=error msg=cannot use *** at https://***@sms.example/send | selfservice.x.auth.config.value: ***",
  );
});

test("the banner of dev mode is left out", () => {
  const log = `time=1 level=warning msg=

YOU ARE RUNNING Ory KRATOS IN DEV MODE.
SECURITY IS DISABLED.
DON'T DO THIS IN PRODUCTION!

 audience=application service_name=Ory Kratos service_version=v1.3.1
time=2 level=error msg=boom`;
  expect(errorsOf(log)).toBe("time=2 level=error msg=boom");
});

test("an empty log is said to be empty", () => {
  expect(errorsOf("")).toBe("its log says nothing");
});
