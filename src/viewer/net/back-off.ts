/** How long to wait before the next try: twice as long each time, never quite the same for two pages. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** @param failures Tries in a row that brought nothing, from 1. @param random In [0, 1). */
export function backOff(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

/** `Retry-After` in ms: seconds, or a date. Undefined when it is absent or no such thing. */
export function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 60_000) : undefined;
}
