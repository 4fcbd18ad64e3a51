/**
 * Batches as signals carry them: most of a stream's signals bring a few words, so what stands around the words
 * is what they cost. A batch is a list by position, the deltas of texts are lists too, and the step ids of an
 * inference shrink to their ordinals: source and epoch say the rest. All other events travel as they are.
 */
import type { Batch, BatchEvent, BatchProgress } from './batch.js';
import { parseSource } from './source.js';
import { inferenceStepId, inferenceStepPrefix } from './step-id.js';
import type { ReasoningKind } from './turn-event.js';

/** `[source, epoch, attempt, n, events, continues?]`; `continues` is 1 or 0. */
export type PackedBatch = readonly [string, number, number, number, readonly PackedEvent[], (0 | 1)?];

/** `[step, text]` is a text delta, `[step, text, kind]` one of reasoning; `step` is an ordinal or a whole id. */
type PackedEvent = readonly [number | string, string, ReasoningKind?] | BatchEvent;

export function packBatch({ source, epoch, attempt, n, events, continues }: Batch): PackedBatch {
  const prefix = prefixOf(source, epoch);
  const packed = events.map((event) => packEvent(event, prefix));
  return continues ? [source, epoch, attempt, n, packed, 1] : [source, epoch, attempt, n, packed];
}

/** The last time that a Date can hold, in ms. */
const LAST_EPOCH = 8.64e15;

/** Undefined for what is no batch: anybody can send a signal. */
export function unpackBatch(packed: unknown): Batch | undefined {
  if (!Array.isArray(packed)) return undefined;
  const [source, epoch, attempt, n, events, continues] = packed as readonly unknown[];
  if (typeof source !== 'string' || !isNatural(epoch) || !isNatural(attempt) || !isNatural(n))
    return undefined;
  if (epoch > LAST_EPOCH || !Array.isArray(events)) return undefined;
  if (!events.every(isPackedEvent)) return undefined;
  const prefix = prefixOf(source, epoch);
  return {
    source,
    epoch,
    attempt,
    n,
    ...(continues === 1 ? { continues: true } : {}),
    events: events.map((event) => unpackEvent(event, prefix)),
  };
}

function packEvent(event: BatchEvent, prefix: string | undefined): PackedEvent {
  if (event.type !== 'step_progress') return event;
  const { step_id, delta } = event;
  const step = stepOf(step_id, prefix);
  if (delta.type === 'text') return [step, delta.text];
  if (delta.type === 'reasoning') return [step, delta.text, delta.kind];
  return event;
}

function unpackEvent(packed: PackedEvent, prefix: string | undefined): BatchEvent {
  if (!isDelta(packed)) return packed;
  const [step, text, kind] = packed;
  const step_id =
    typeof step === 'number' && prefix !== undefined ? inferenceStepId(prefix, step) : `${step}`;
  const delta: BatchProgress['delta'] =
    kind === undefined ? { type: 'text', text } : { type: 'reasoning', kind, text };
  return { type: 'step_progress', step_id, delta };
}

/** As far as what follows depends on it. */
function isPackedEvent(event: unknown): event is PackedEvent {
  if (Array.isArray(event)) return typeof event[1] === 'string';
  return typeof event === 'object' && event !== null;
}

function isNatural(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isDelta(packed: PackedEvent): packed is Extract<PackedEvent, readonly unknown[]> {
  return Array.isArray(packed);
}

/** The ordinal of a step of this very attempt, else the whole id. */
function stepOf(stepId: string, prefix: string | undefined): number | string {
  if (prefix === undefined || !stepId.startsWith(prefix)) return stepId;
  const ordinal = Number(stepId.slice(prefix.length));
  return inferenceStepId(prefix, ordinal) === stepId ? ordinal : stepId;
}

function prefixOf(source: string, epoch: number): string | undefined {
  const parsed = parseSource(source);
  return parsed?.kind === 'inference' ? inferenceStepPrefix(parsed.response, epoch) : undefined;
}
