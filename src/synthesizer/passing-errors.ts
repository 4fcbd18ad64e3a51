/** Which errors of a model server pass by themselves: the one list of them, for events and for retries. */

const PASSING_CODES: ReadonlySet<string> = new Set([
  'server_error',
  'internal_error',
  'internal_server_error',
  'rate_limit_exceeded',
  'rate_limit_error',
  'vector_store_timeout',
  'timeout',
  'overloaded',
  'overloaded_error',
  'service_unavailable',
  'conversation_locked',
  'stream_interrupted',
]);

/** Whether an error of this code passes: asked again, the server may well answer. */
export function isPassingCode(code: string | undefined): boolean {
  return code !== undefined && PASSING_CODES.has(code);
}

/** The same for an HTTP status, whether the server answered with it or wrote it into an error. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** Codes that come with a passing status and do not pass: a 429 can mean that nobody pays. */
export function isHopelessCode(code: string | undefined): boolean {
  return code === 'insufficient_quota';
}
