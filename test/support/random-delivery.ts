/** What arrives of an activity: batches cut and merged anyhow, repeated, stale, late, and its end. */
import type { Batch, BatchEvent, BatchProgress, Handover, SourceEnd } from '../../src/events/batch.js';
import type { Delta } from '../../src/events/delta.js';
import type { Activity, Attempt, Closed, Settled } from './random-turn.js';
import type { Random } from './random.js';

export type Delivery =
  | { readonly kind: 'signal'; readonly batch: Batch }
  | { readonly kind: 'settled'; readonly source: string; readonly done: Handover & Omit<Settled, 'kind'> }
  | {
      readonly kind: 'closed';
      readonly source: string;
      readonly end: SourceEnd;
      readonly thrown: Closed['thrown'];
    };

export interface Deliveries {
  /** Up to the activity's end, in this order. */
  readonly inTime: readonly Delivery[];
  /** Batches that may come at any time behind its end, also before the workflow has handled that. */
  readonly late: readonly Delivery[];
  /** Batches that nobody sends, for when the end was handled: then whatever comes is dropped. */
  readonly strange: readonly Delivery[];
}

export function deliveriesOf(random: Random, activity: Activity): Deliveries {
  const { source, attempts, kind } = activity;
  const inTime: Delivery[] = [];
  const seen: Batch[] = [];
  const stale: Batch[] = [];
  let waiting: Batch[] = [];
  const deliver = (batch: Batch): void => {
    inTime.push(signalOf(batch));
    seen.push(batch);
    stale.push(...waiting);
    waiting = [];
    while (random.chance(0.3)) inTime.push(signalOf(random.pick([...seen, ...stale])));
  };
  const last = attempts.at(-1);
  if (!last) throw new Error('an activity has attempts');
  for (const attempt of attempts.slice(0, -1)) {
    const batches = batchesOf(random, source, attempt, attempt.events);
    batches.forEach(deliver);
    const next = attempts[attempts.indexOf(attempt) + 1];
    const unheard = batchesOf(random, source, attempt, attempt.unheard, batches.length);
    // A lost attempt that will be voided may go on, in order, until its successor speaks.
    const goesOn = kind === 'inference' && next?.continues === false ? random.int(unheard.length + 1) : 0;
    unheard.splice(0, goesOn).forEach(deliver);
    waiting.push(...unheard);
  }
  const batches = batchesOf(random, source, last, last.events);
  /** The signal that was on its way when the activity ended. */
  let inFlight: Batch | undefined;
  if (activity.end.kind === 'closed') {
    batches.forEach(deliver);
    inFlight = { ...emptyBatch(source, last), n: batches.length, events: last.events.slice(-1) };
    inTime.push({ ...activity.end, source });
  } else {
    // The batch with which a tool ends is never signalled: it is made when the result is.
    const signalled = random.int(kind === 'tool' ? batches.length : batches.length + 1);
    batches.slice(0, signalled).forEach(deliver);
    inFlight = kind === 'tool' && signalled === batches.length - 1 ? undefined : batches[signalled];
    // Signals may have arrived although they were not acknowledged: those batches come twice.
    const handedOver = batches.slice(random.int(signalled + 1));
    const { epoch, attempt, continues } = last;
    const done = {
      epoch,
      attempt,
      ...(continues ? { continues } : {}),
      batches: handedOver,
      ...given(activity.end),
    };
    inTime.push({ kind: 'settled', source, done });
  }
  const lateBatches = [...seen, ...stale, ...(inFlight ? [inFlight] : [])];
  const all = [...lateBatches, ...waiting, ...batches, emptyBatch(source, last)];
  const strange = all.map((batch) => ({ ...batch, n: batch.n + 5, epoch: batch.epoch + random.int(2) }));
  return {
    inTime,
    late: lateBatches.filter(() => random.chance(0.3)).map(signalOf),
    strange: [...all, ...strange].filter(() => random.chance(0.2)).map(signalOf),
  };
}

function signalOf(batch: Batch): Delivery {
  return { kind: 'signal', batch };
}

function given({ kind: _kind, ...rest }: Settled): Omit<Settled, 'kind'> {
  return rest;
}

function emptyBatch(source: string, { epoch, attempt, continues }: Attempt): Batch {
  return { source, epoch, attempt, n: 0, ...(continues ? { continues } : {}), events: [] };
}

/** Cuts events into batches, with neighbouring deltas merged or not. `continues` attempts may claim with an empty one. */
function batchesOf(
  random: Random,
  source: string,
  { epoch, attempt, continues }: Attempt,
  events: readonly BatchEvent[],
  firstN = 0,
): Batch[] {
  const groups: BatchEvent[][] = continues && random.chance(0.3) ? [[], []] : [[]];
  for (const event of events) {
    if (groups.at(-1)?.length && random.chance(0.4)) groups.push([]);
    const group = groups.at(-1);
    const merged = random.chance(0.5) ? mergedWith(group?.at(-1), event) : undefined;
    group?.splice(merged ? -1 : group.length, 1, merged ?? event);
  }
  if (events.length === 0 && firstN > 0) return [];
  return groups
    .filter((group, index) => group.length > 0 || (groups.length > 1 && index === 0))
    .map((group, index) => ({
      source,
      epoch,
      attempt,
      n: firstN + index,
      ...(continues ? { continues } : {}),
      events: group,
    }));
}

function mergedWith(a: BatchEvent | undefined, b: BatchEvent): BatchProgress | undefined {
  if (a?.type !== 'step_progress' || b.type !== 'step_progress' || a.step_id !== b.step_id) return undefined;
  const delta = mergedDelta(a.delta, b.delta);
  return delta && { ...a, delta };
}

function mergedDelta(a: Delta, b: Delta): Delta | undefined {
  if (a.type === 'text' && b.type === 'text') return { ...a, text: a.text + b.text };
  if (a.type === 'refusal' && b.type === 'refusal') return { ...a, text: a.text + b.text };
  if (a.type === 'reasoning' && b.type === 'reasoning' && a.kind === b.kind)
    return { ...a, text: a.text + b.text };
  if (a.type === 'tool_call_delta' && b.type === 'tool_call_delta' && a.call_id === b.call_id)
    return { ...a, arguments_delta: a.arguments_delta + b.arguments_delta };
  return undefined;
}
