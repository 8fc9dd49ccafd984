import { UserError } from "../identity-config/user-error";

/**
 * Why a journey could not be walked to its end.
 *
 * - `Aborted`: the caller's signal fired.
 * - `ServerUnreachable`: no answer from Kratos, or none in time.
 * - `SchemaUnclear`: the server offers several identity schemas and none was named.
 * - `NoSuchAddress`: the identity schema has no trait that this journey could use.
 * - `IdentityRefused`: Kratos would not create the throw-away identity.
 * - `SignInRefused`: the password was not accepted, or no code was sent in its place.
 * - `SecondFactorDemanded`: whoami wants a second factor where the first one should do.
 * - `SecondFactorNotDemanded`: whoami is content with the first factor alone.
 * - `NotEnrollable`: the settings do not offer the second factor.
 * - `AddressNotOffered`: the second step does not offer a code at the address.
 * - `MessageNotDelivered`: a delivery failed, or Kratos has abandoned the message.
 * - `MessageNotSent`: neither sent nor failed within the time limit.
 * - `CodeUnreadable`: the message was sent but its code cannot be read.
 * - `WrongCodeAccepted`, `CodeRefused`: the code check is not what it should be.
 * - `IdentityNotRemoved`: the journey went well but its identity could not be removed.
 * - `UnexpectedReply`: any other answer that the journey cannot go on from.
 */
export type JourneyErrorCode =
  | "Aborted"
  | "ServerUnreachable"
  | "SchemaUnclear"
  | "NoSuchAddress"
  | "IdentityRefused"
  | "SignInRefused"
  | "SecondFactorDemanded"
  | "SecondFactorNotDemanded"
  | "NotEnrollable"
  | "AddressNotOffered"
  | "MessageNotDelivered"
  | "MessageNotSent"
  | "CodeUnreadable"
  | "WrongCodeAccepted"
  | "CodeRefused"
  | "IdentityNotRemoved"
  | "UnexpectedReply";

/** A journey that ended early. The message says at which step, what was expected and what Kratos answered. */
export class JourneyError extends UserError {
  constructor(
    readonly code: JourneyErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
