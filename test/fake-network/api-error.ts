import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { GenericError } from "@ory/client";

/** The body of an error of Ory's APIs. The SDK's type calls it GenericError, and it stands below `error`. */
export interface ErrorBody {
  error: Pick<GenericError, "id" | "code" | "status" | "request" | "reason" | "message" | "details">;
}

/** An answer that is an error. */
export class ApiError extends Error {
  override name = "ApiError" as const;

  constructor(
    readonly code: number,
    message: string,
    readonly more: { id?: string; reason?: string; details?: object } = {},
  ) {
    super(message);
  }

  body(): ErrorBody {
    const { id, reason, details } = this.more;
    return {
      error: {
        ...(id !== undefined && { id }),
        code: this.code,
        status: STATUS_CODES[this.code] ?? "Unknown",
        request: randomUUID(),
        ...(reason !== undefined && { reason }),
        message: this.message,
        ...(details !== undefined && { details }),
      },
    };
  }
}

export const badRequest = (reason: string): ApiError =>
  new ApiError(400, "The request was malformed or contained invalid parameters", { reason });

export const notFound = (reason: string): ApiError =>
  new ApiError(404, "The requested resource could not be found", { reason });

export const forbidden = (): ApiError => new ApiError(403, "The requested action was forbidden");

export const unauthorized = (): ApiError =>
  new ApiError(401, "The request could not be authorized", {
    reason: "No valid credentials were provided with this request.",
  });
