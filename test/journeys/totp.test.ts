import { totp } from "../../infra/journeys/totp";

// RFC 6238, appendix B, for SHA-1; the last six of eight digits. The secret is "12345678901234567890".
test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
])("the one-time password %i s after 1970 is that of the standard", (seconds, code) => {
  expect(totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds * 1000)).toBe(code);
});
