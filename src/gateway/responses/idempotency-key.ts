/** `Idempotency-Key`: requests under one key of one client are one request, and anything else under it a mistake. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { TurnIdConflictError } from '../../client/index.js';
import { userItems } from '../../protocol/input-items.js';
import type { TurnInput } from '../../protocol/turn.js';
import type { Principal } from '../options.js';
import { InvalidRequestError } from './create-request.js';

const HEADER = 'idempotency-key';

/**
 * What stands for the request's key in the id of its turn; undefined: it has none, and is a new one each time.
 * @throws InvalidRequestError
 */
export function keyedId(request: Request, { id: principal }: Principal): string | undefined {
  const key = request.headers.get(HEADER);
  if (key === null) return undefined;
  // All who send an empty one by mistake would be told the same response.
  if (key === '') throw new InvalidRequestError('Idempotency-Key is empty.', null, 'invalid_value');
  // The keys of one client are none of another's business.
  const owned = JSON.stringify([principal, key]);
  return createHash('sha256').update(owned).digest('hex').slice(0, 32);
}

/** @throws InvalidRequestError for a turn that was started with something else; else the error as it was */
export function orKeyConflict(error: unknown): never {
  throw error instanceof TurnIdConflictError ? keyConflict() : error;
}

/** @throws InvalidRequestError for a session's message that says something else */
export function checkSaysTheSame(given: TurnInput, sent: TurnInput): void {
  const said = userItems(sent.input);
  // A turn may repeat before its own words what went unanswered before it.
  const words = userItems(given.input).slice(-said.length);
  const same = (['agent', 'overrides', 'metadata'] as const).every((name) => isSame(given[name], sent[name]));
  if (!same || !isSame(words, said)) throw keyConflict();
}

function keyConflict(): InvalidRequestError {
  const message = 'Another request was sent under this Idempotency-Key: use a new key for a new request.';
  return new InvalidRequestError(message, null, 'idempotency_key_conflict', 409);
}

/** As JSON: what is undefined is not said. */
function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
