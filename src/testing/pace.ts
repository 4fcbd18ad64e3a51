/** Brings frames at their rate, and waits where a delay stands among them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from './frame.js';

const CATCH_UP_MS = 1000;

/** Ends early, without an error, when `stop` is aborted. */
export async function* paced(
  frames: Iterable<Frame>,
  /** Deltas per second for steps that name no rate of their own; undefined: as fast as possible. */
  perSecond: number | undefined,
  stop: AbortSignal,
): AsyncGenerator<Frame, void, undefined> {
  let due: number | undefined;
  for (const frame of frames) {
    if ('event' in frame) {
      const rate = frame.perSecond ?? perSecond;
      if (rate !== undefined && frame.event.type.endsWith('.delta')) {
        // Evenly from the first delta on; what late timers lost is made up for.
        const now = performance.now();
        due = due === undefined ? now : Math.max(due + 1000 / rate, now - CATCH_UP_MS);
        await wait(due - now, stop);
      }
    } else if (frame.fault.kind === 'delay') await wait(frame.fault.ms, stop);
    if (stop.aborted) return;
    yield frame;
  }
}

/** At least `ms` milliseconds unless `stop` is aborted before. */
export async function wait(ms: number, stop: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
}
