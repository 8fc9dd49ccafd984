import { UserError } from "../../infra/identity-config/user-error";

/** A call that the forge has refused, or not answered. */
export class ForgeError extends UserError {
  constructor(
    message: string,
    /** Absent where there was no answer. */
    readonly status: number | undefined,
    /** Whether it is not known if it was carried out. */
    readonly isLost: boolean,
  ) {
    super(message);
  }
}
