import { JOURNEYS } from "../../infra/journeys/ways";
import type { Context } from "../../infra/provider/lifecycle";
import { signInProof } from "../../infra/provider/sign-in-proof";

const checked = async (as: unknown) => (await signInProof.check({ as }, {} as Context)).failures;
const allowed =
  "use one or more of password, password+email, password+sms, password+totp, password+lookup_secret, email, email+totp, email+lookup_secret, sms, sms+totp, sms+lookup_secret";

describe("the journeys of a SignInProof", () => {
  it("are those that can be walked", async () => {
    expect(await checked([...JOURNEYS])).toEqual([]);
  });

  it.each([
    [
      ["password", "password+passkey", "toString"],
      `"password+passkey", "toString" is not a journey; ${allowed}`,
    ],
    [[], `it names no journey; ${allowed}`],
    ["password", `it names no journey; ${allowed}`],
  ])("%j are refused with those that can", async (as, reason) => {
    expect(await checked(as)).toEqual([{ property: "as", reason }]);
  });
});
