/** A refusal in OpenAI's form: an HTTP status and `{error: {message, type, param, code}}`. */
import type { JsonObject } from '../events/json.js';

export interface ApiErrorOptions {
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ApiError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.headers = options.headers ?? {};
    const { type = typeOfStatus(status), param = null, code = null } = options;
    this.body = { error: { message, type, param, code } };
  }
}

/** 400 about one parameter of the request. */
export function badRequest(
  message: string,
  param: string | null = null,
  code: string | null = null,
): ApiError {
  return new ApiError(400, message, { param, code });
}

/** 404 with the sentence that OpenAI writes for its stored objects. */
export function notFound(what: string, id: string): ApiError {
  return new ApiError(404, `${what} with id '${id}' not found.`, { param: null, code: null });
}

function typeOfStatus(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
