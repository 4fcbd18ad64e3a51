/** What can go wrong between a server and its client, as steps of a reply. What each does is told in deliver.ts. */

export interface FaultOptions {
  /**
   * Only for the first `times` requests that say the same: same input, same chain or conversation, as when a
   * client asks again. Later ones are answered as if the fault were not there. Default: for all of them.
   * Of a background response the streams count that show it: the POST's is the first, and the only one by default.
   */
  readonly times?: number;
}

/** How often a connection breaks, and how badly. */
export interface BreakOptions extends FaultOptions {
  /** The response is completed, stored and added to its conversation all the same; default false. */
  readonly committed?: boolean;
}

interface Counted extends FaultOptions {
  /** Events sent before it; default: those of the steps that stand before it. */
  readonly afterEvents?: number;
}

/**
 * The answer breaks off. `cut` closes the socket in the middle of the answer, `reset` does so with a TCP reset,
 * `end` ends the stream cleanly without its terminal event, `stall` falls silent and keeps the connection.
 */
export interface BreakStep extends Counted, BreakOptions {
  readonly kind: 'cut' | 'reset' | 'end' | 'stall';
}

/** A frame whose data is no JSON; the stream goes on after it. Not streamed: the body is no JSON. */
export interface MalformedStep extends Counted {
  readonly kind: 'malformed';
  readonly data: string;
}

/** Silence for a while, before the headers when `afterEvents` is 0. */
export interface DelayStep extends Counted {
  readonly kind: 'delay';
  /** Milliseconds. */
  readonly ms: number;
}

/** The stream comes in pieces of so many bytes, which end inside of lines and of characters. */
export interface SplitBytesStep extends Counted {
  readonly kind: 'split_bytes';
  readonly bytes: number;
}

export type FaultStep = BreakStep | MalformedStep | DelayStep | SplitBytesStep;

const KINDS: Readonly<Record<FaultStep['kind'], true>> = {
  cut: true,
  reset: true,
  end: true,
  stall: true,
  malformed: true,
  delay: true,
  split_bytes: true,
};

export function isFault(step: { readonly kind: string }): step is FaultStep {
  return Object.hasOwn(KINDS, step.kind);
}

/** A fault that counts no events stands where it happens. */
export function happensHere(step: { readonly kind: string }): step is FaultStep {
  return isFault(step) && step.afterEvents === undefined;
}

/** Whether a fault is still to happen to the n-th of those that it counts, from 1. */
export function stillHappens(step: { readonly kind: string }, n: number): boolean {
  return !('times' in step) || typeof step.times !== 'number' || n <= step.times;
}
