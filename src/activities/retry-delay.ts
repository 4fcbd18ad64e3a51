/** When an inference is tried again. Pure. */

/** Tries of one response before the turn fails: with the back-off below about two minutes. */
export const DEFAULT_MAXIMUM_ATTEMPTS = 10;

const INITIAL_MS = 500;
const GREATEST_MS = 30_000;
/** Servers ask for more than this only when a quota is spent for the day. */
const CAP_MS = 60_000;

/** The server's wish within bounds: Temporal takes a delay of 0 as the end of all retries. */
export function retryDelay(retryAfter: number | undefined): number | undefined {
  return retryAfter === undefined ? undefined : Math.min(CAP_MS, Math.max(50, Math.round(retryAfter)));
}

/** How long to wait after so many tries that failed, from 1; in ms. */
export function backoff(tries: number): number {
  return Math.min(GREATEST_MS, INITIAL_MS * 2 ** (tries - 1));
}
