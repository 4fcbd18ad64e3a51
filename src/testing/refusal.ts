/** How a request for a response is refused, in the way of a dialect. */
import type { JsonObject } from '../events/json.js';
import { ApiError } from './api-error.js';
import type { Dialect } from './dialects/dialect.js';
import { EventStream } from './event-stream.js';
import type { Answer, Call } from './http.js';
import type { StatusStep } from './reply-step.js';
import { objectOf } from './wire.js';

/** Throws the error on, to be answered with its status, unless the dialect puts it into a stream. */
export async function answerRefusal(
  { response, entry }: Call,
  body: JsonObject,
  error: unknown,
  dialect: Dialect,
): Promise<Answer> {
  if (dialect.refusals === 'status' || body['stream'] !== true || response.headersSent) throw error;
  if (!(error instanceof ApiError)) throw error;
  const { message, param = null } = objectOf(error.body['error']);
  const fault = { code: String(error.status), message: message ?? '', param };
  const stream = new EventStream(response, dialect, new AbortController().signal);
  stream.open();
  const sequence = dialect.sequenceNumbers === 'none' ? {} : { sequence_number: 0 };
  await stream.send({
    type: 'error',
    ...(dialect.errors === 'flat' ? fault : { error: fault }),
    ...sequence,
  });
  entry.sent_events = 1;
  await stream.end(true);
  return 'written';
}

export function statusError({ status, message, code, retryAfter }: StatusStep): ApiError {
  const headers: Record<string, string> =
    retryAfter === undefined
      ? {}
      : {
          'retry-after': String(Math.ceil(retryAfter)),
          'retry-after-ms': String(Math.round(retryAfter * 1000)),
        };
  return new ApiError(status, message, { code, headers });
}
