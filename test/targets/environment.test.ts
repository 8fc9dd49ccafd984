import type { Document } from "../../infra/identity-config/model";
import { overrideByEnvironment } from "../../infra/targets/kratos/files";
import { refusals } from "../policies/load-verdict";
import { whole } from "../policies/review";

test("a variable is read as the kind of value that its key takes", () => {
  const file: Document = whole({
    secrets: { cookie: ["from-the-operator's-file"] },
    courier: { smtp: { from_name: "Shop" }, message_retries: 1 },
    session: { lifespan: "1h", cookie: { persistent: true } },
  });
  const inForce = overrideByEnvironment(
    file,
    {
      SECRETS_COOKIE: "0123456789abcdef,fedcba9876543210",
      COURIER_SMTP_FROM_NAME: "2026",
      COURIER_MESSAGE_RETRIES: "7",
      SESSION_LIFESPAN: "24h",
      SESSION_COOKIE_PERSISTENT: "false",
      SESSION_COOKIE_NAME: "not in the file, and not asked for",
      HASHERS_BCRYPT_COST: "14",
    },
    ["/hashers/bcrypt/cost"],
  );
  expect(inForce).toMatchObject({
    secrets: { cookie: ["0123456789abcdef", "fedcba9876543210"] },
    courier: { smtp: { from_name: "2026" }, message_retries: 7 },
    session: { lifespan: "24h", cookie: { persistent: false } },
    hashers: { bcrypt: { cost: 14 } },
  });
  expect(refusals(inForce, "1.3.1")).toEqual([]);
});
