/** What a list may be narrowed to, checked at the door. Pure. */
import { InvalidFilterError } from '../errors.js';

/** `terminated` and `timed_out`: Temporal ended the run. A turn that ends as `incomplete` is `completed` here. */
export type TurnStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out';

/** `closed`: it takes no more messages, or Temporal ended it. */
export type SessionStatus = 'open' | 'closed';

/** Which page of a list. */
export interface PageOptions {
  /** Most members of one page, 1 to 200. Default 50. */
  readonly limit?: number | undefined;
  /** `next_page` of the page before; the rest of the filter must be the same. */
  readonly page?: string | undefined;
}

/** What turns are wanted; without any of it: all. */
export interface TurnFilter extends PageOptions {
  /** Name of the agent. */
  readonly agent?: string | undefined;
  /** One status. */
  readonly status?: TurnStatus | undefined;
  /** The session, or the conversation of a turn without one. */
  readonly sessionId?: string | undefined;
  /** A date, or RFC 3339. */
  readonly startedAfter?: Date | string | undefined;
  /** A date, or RFC 3339. */
  readonly startedBefore?: Date | string | undefined;
}

/** What sessions are wanted; without any of it: all. */
export interface SessionFilter extends PageOptions {
  /** Name of the agent that the session began with. */
  readonly agent?: string | undefined;
  /** One status. */
  readonly status?: SessionStatus | undefined;
}

const DEFAULT_LIMIT = 50;
const GREATEST_LIMIT = 200;

/** Temporal's words for them. */
export const EXECUTION_STATUS: Readonly<Record<TurnStatus, string>> = {
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Canceled',
  terminated: 'Terminated',
  timed_out: 'TimedOut',
};

export function checkLimit(limit: number = DEFAULT_LIMIT): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > GREATEST_LIMIT)
    throw new InvalidFilterError('limit', `must be a whole number from 1 to ${GREATEST_LIMIT}`);
  return limit;
}

export function checkOneOf(field: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value))
    throw new InvalidFilterError(field, `must be one of ${known.join(', ')}`);
}

export function checkText(field: string, value: unknown): void {
  if (value !== undefined && (typeof value !== 'string' || value === ''))
    throw new InvalidFilterError(field, 'must be a string that is not empty');
}

const RFC_3339 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/i;

/** RFC 3339 in UTC. A day alone means its beginning in UTC. */
export function checkTime(field: string, value: Date | string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const time = typeof value === 'string' && !RFC_3339.test(value) ? Number.NaN : new Date(value).getTime();
  if (Number.isNaN(time))
    throw new InvalidFilterError(field, 'must be a time as in 2026-01-31 or 2026-01-31T12:00:00Z');
  return new Date(time).toISOString();
}
