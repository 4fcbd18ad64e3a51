/** What is to go wrong, and when: drawn from a seed before anything runs, so the same seed gives the same plan. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from './random.js';

/** A fault, and when it happens. */
export interface PlannedFault<F extends string> {
  /** Milliseconds after the plan's begin. */
  readonly atMs: number;
  readonly fault: F;
  /** For what the fault has to choose by itself: which worker, for how long. */
  readonly seed: number;
}

/** What happens, how often and for how long. */
export interface PlanOptions<F extends string> {
  readonly seed: number;
  /** The plan's length in milliseconds. */
  readonly forMs: number;
  /** Milliseconds between two faults on average: each comes after 0.5 to 1.5 of it. */
  readonly everyMs: number;
  /** What may happen. One that stands here twice happens twice as often. */
  readonly faults: readonly F[];
}

/** @throws RangeError for a pace that is not above 0 */
export function planFaults<F extends string>({
  seed,
  forMs,
  everyMs,
  faults,
}: PlanOptions<F>): readonly PlannedFault<F>[] {
  if (!(everyMs > 0)) throw new RangeError(`everyMs is ${everyMs}: give milliseconds above 0`);
  const random = new SeededRandom(seed);
  const plan: PlannedFault<F>[] = [];
  for (let at = 0; ;) {
    at += everyMs * (0.5 + random.next());
    // Drawn in any case, so that a longer plan begins as a shorter one.
    const planned = { atMs: Math.round(at), fault: random.pick(faults), seed: random.int(2 ** 32) };
    if (at >= forMs) return plan;
    plan.push(planned);
  }
}

/** What each fault does. It gets a random source of its own, the same for the same plan. */
export type FaultActions<F extends string> = Readonly<Record<F, (random: SeededRandom) => unknown>>;

/**
 * Lets a plan happen, one fault after the other: one that is late holds up those behind it. Ends early, without
 * an error, when `signal` is aborted; rejects when an action does.
 */
export async function carryOut<F extends string>(
  plan: readonly PlannedFault<F>[],
  actions: FaultActions<F>,
  signal?: AbortSignal,
): Promise<void> {
  const begin = Date.now();
  for (const { atMs, fault, seed } of plan) {
    await sleep(Math.max(0, begin + atMs - Date.now()), undefined, signal ? { signal } : {}).catch(
      () => undefined,
    );
    if (signal?.aborted) return;
    await actions[fault](new SeededRandom(seed));
  }
}
