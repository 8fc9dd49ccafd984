/**
 * A mistake or obstacle that the user can act on. Its message says what was attempted, on what, the wrong value and
 * what to change; it is shown without a stack trace and holds no secret.
 */
export class UserError extends Error {
  override name = "UserError" as const;
}
