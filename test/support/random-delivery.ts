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
  /** Batches that come after its end, in any order. */
  readonly late: readonly Delivery[];
}

export function deliveriesOf(random: Random, activity: Activity): Deliveries {
  const { source, attempts, kind } = activity;
  const inTime: Delivery[] = [];
  const seen: Batch[] = [];
  const stale: Batch[] = [];
  let waiting: Batch[] = [];
  const deliver = (batch: Batch): void => {
    inTime.push({ kind: 'signal', batch });
    seen.push(batch);
    stale.push(...waiting);
    waiting = [];
    while (random.chance(0.3)) inTime.push({ kind: 'signal', batch: random.pick([...seen, ...stale]) });
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
  if (activity.end.kind === 'closed') {
    batches.forEach(deliver);
    inTime.push({ ...activity.end, source });
  } else {
    // The batch with which a tool ends is never signalled: it is made when the result is.
    const signalled = random.int(kind === 'tool' ? batches.length : batches.length + 1);
    batches.slice(0, signalled).forEach(deliver);
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
  const all = [...seen, ...stale, ...waiting, ...batches];
  const late = random.times(0, 3, (): Delivery => {
    const batch = random.pick(all.length > 0 ? all : [emptyBatch(source, last)]);
    const later = { ...batch, n: batch.n + 5, epoch: batch.epoch + 5 };
    return { kind: 'signal', batch: random.chance(0.7) ? batch : later };
  });
  return { inTime, late };
}

function given({ kind: _kind, ...rest }: Settled): Omit<Settled, 'kind'> {
  return rest;
}

function emptyBatch(source: string, { epoch, attempt }: Attempt): Batch {
  return { source, epoch, attempt, n: 0, events: [] };
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
