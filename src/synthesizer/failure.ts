/** Errors of a response, in the server's words, and the step errors made of them. */
import type { JsonObject, TurnError } from '../events/index.js';
import { numberOf, objectOf, wordOf } from './json-reader.js';
import { isHopelessCode, isPassingCode, isPassingStatus } from './passing-errors.js';
import type { SynthesizerState } from './state.js';

export interface ResponseError {
  readonly code: string;
  readonly message: string;
  /** Servers that answer 200 and then fail write the status they mean as the code: "404". */
  readonly http_status?: number;
}

export const STREAM_INTERRUPTED: ResponseError = {
  code: 'stream_interrupted',
  message: 'The stream ended before the response did. Ask again, or resume the response.',
};

/** Reads what holds an `error`, or is one: an `error` event (nested or flat) or a failed response. */
export function responseError(source: JsonObject, fallback: ResponseError): ResponseError {
  const nested = objectOf(source['error']);
  const error = nested ?? source;
  const said = typeof error['code'] === 'number' ? String(error['code']) : wordOf(error['code']);
  // The type of a flat error is the event's own: "error".
  const code = said ?? wordOf(nested?.['type']) ?? fallback.code;
  const message = wordOf(error['message']) ?? wordOf(source['error']) ?? fallback.message;
  const status = /^[1-5]\d\d$/.test(code) ? Number(code) : numberOf(error['status'] ?? source['status']);
  return { code, message, ...(status === null ? {} : { http_status: status }) };
}

/** The error that stands in a step which the end of the response cut off. */
export function stepError(state: SynthesizerState, error: ResponseError, step_id: string): TurnError {
  const { http_status } = error;
  return {
    code: error.code,
    message: error.message,
    source: 'model',
    retryable: passes(error),
    ...(http_status === undefined ? {} : { http_status }),
    ...(state.response_id === null ? {} : { response_id: state.response_id }),
    step_id,
    attempt: state.options.attempt,
  };
}

function passes({ code, http_status }: ResponseError): boolean {
  if (isHopelessCode(code)) return false;
  return isPassingCode(code) || (http_status !== undefined && isPassingStatus(http_status));
}
