/** Errors as the OpenAI API writes them: `{error: {message, type, param, code}}`. Pure. */
import { PROBLEMS } from '../problem.js';
import type { ProblemCode } from '../problem.js';
import { problemOf } from '../problem-of.js';
import { InvalidRequestError } from './create-request.js';

interface ApiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** Codes that clients of the API know by another name. */
const API_CODES: Partial<Record<ProblemCode, string>> = {
  unauthorized: 'invalid_api_key',
  turn_not_found: 'response_not_found',
  too_many_watchers: 'rate_limit_exceeded',
};

/** Whether a request is for the door of OpenAI clients, who know no other form of errors. */
export function isApiRequest(request: Request): boolean {
  return /^\/v1(?:\/|$)/.test(new URL(request.url).pathname);
}

export interface MoreOfError {
  readonly headers?: Readonly<Record<string, string>>;
  /** Stands behind what the error says. */
  readonly message?: string;
}

export function apiErrorOf(
  error: unknown,
  { headers: more = {}, message: also }: MoreOfError = {},
): Response {
  if (error instanceof InvalidRequestError) {
    const { message, param, code, status } = error;
    return answer(status, { message, type: 'invalid_request_error', param, code }, more);
  }
  const problem = problemOf(error);
  const { headers } = problem.response();
  const { status } = PROBLEMS[problem.code];
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  const message = also === undefined ? problem.message : `${problem.message} ${also}`;
  const code = API_CODES[problem.code] ?? problem.code;
  return answer(status, { message, type: typeOf(status), param: null, code }, headers);
}

function typeOf(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function answer(status: number, error: ApiError, more: ConstructorParameters<typeof Headers>[0]): Response {
  const headers = new Headers(more);
  headers.set('content-type', 'application/json');
  return new Response(JSON.stringify({ error }), { status, headers });
}
