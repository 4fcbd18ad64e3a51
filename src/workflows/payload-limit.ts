/** Temporal ends a run, or tries its task for ever, where a payload passes 2 MB: the turn ends by itself before that. Pure. */
import { utf8Bytes } from '../events/bytes.js';
import { fail } from '../protocol/failures.js';

/** With room for what the SDK and the server put around it. */
const LIMIT = 1.9 * 1024 * 1024;

/** @throws ApplicationFailure of type TurnTooLarge. `what` starts a sentence: "The next request". */
export function checkSize(what: string, value: unknown): void {
  const bytes = utf8Bytes(JSON.stringify(value));
  if (bytes <= LIMIT) return;
  throw fail('TurnTooLarge', { message: `${what} is ${bytes} bytes of JSON, more than ${LIMIT}` });
}

/** Temporal refuses more than 2,000 activities at once, and 4 MB of commands. */
const MAX_CALLS = 1000;
const MAX_CALLS_BYTES = 3 * 1024 * 1024;
/** What is written around each call. */
const CALL_BYTES = 1024;

/** @throws ApplicationFailure of type TurnTooLarge. `context` travels with each of the calls. */
export function checkCalls(calls: readonly { readonly arguments: string }[], context: unknown): void {
  const each = CALL_BYTES + utf8Bytes(JSON.stringify(context) ?? '');
  const bytes = calls.reduce((sum, call) => sum + each + utf8Bytes(call.arguments), 0);
  if (calls.length <= MAX_CALLS && bytes <= MAX_CALLS_BYTES) return;
  const message = `The model calls ${calls.length} tools at once, which with the turn's context is ${bytes} bytes; at most ${MAX_CALLS} calls and ${MAX_CALLS_BYTES} bytes can be run`;
  throw fail('TurnTooLarge', { message });
}
