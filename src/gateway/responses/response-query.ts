/** The query of `GET /v1/responses/{id}`. Pure. */
import { includesTurnEvents, InvalidRequestError } from './create-request.js';

export interface ResponseQuery {
  readonly stream: boolean;
  /** Events up to this number are not told again; -1: all are told. */
  readonly startingAfter: number;
  /** `include[]=durable_turns.events`. */
  readonly turnEvents: boolean;
}

/** @throws InvalidRequestError */
export function responseQuery(query: URLSearchParams): ResponseQuery {
  return {
    stream: flagIn(query.get('stream'), 'stream'),
    startingAfter: numberIn(query.get('starting_after'), 'starting_after'),
    turnEvents: includesTurnEvents([...query.getAll('include[]'), ...query.getAll('include')]),
  };
}

function flagIn(value: string | null, name: string): boolean {
  if (value === 'true') return true;
  if (value === null || value === 'false') return false;
  throw new InvalidRequestError(`${name} must be true or false.`, name, 'invalid_value');
}

function numberIn(value: string | null, name: string): number {
  if (value === null) return -1;
  // What is no plain number, as "" or "1e1", would be taken for one, and events would be left out.
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidRequestError(`${name} must be a sequence number.`, name, 'invalid_value');
}
