/** Events that wait to be sent: merged where they are one text, thinned as the mode says, taken in pieces. */
import type { BatchEvent, BatchInferenceCompleted, BatchProgress } from '../events/batch.js';
import type { Delta, ReasoningText } from '../events/turn-event.js';
import type { PublishingMode } from '../protocol/turn.js';

const BATCH_BYTES = 256 * 1024;
/** Texts stop growing here, so that a batch can be cut between them. */
const MERGED_BYTES = 32 * 1024;
/** With more than this waiting, reports of a tool that nobody was told give way to later ones. */
const WAITING_BYTES = 256 * 1024;

export class BatchBuffer {
  readonly #mode: PublishingMode;
  #events: BatchEvent[] = [];
  #sizes: number[] = [];
  #bytes = 0;
  /** What the deltas of each running step add up to, to leave it out of the step's result. */
  readonly #told = new Map<string, { text: string; reasoning: ReasoningText[] }>();

  constructor(mode: PublishingMode) {
    this.#mode = mode;
  }

  get size(): number {
    return this.#events.length;
  }

  /** A step began or ended: worth telling at once. */
  get hasBorder(): boolean {
    return this.#events.some((event) => event.type !== 'step_progress' && !isInferenceStart(event));
  }

  /** Nothing but the start of an inference step. */
  get isLoneStart(): boolean {
    const [first] = this.#events;
    return this.#events.length === 1 && first !== undefined && isInferenceStart(first);
  }

  push(event: BatchEvent): void {
    if (event.type === 'step_progress') {
      if (this.#mode === 'live' || !isStreamed(event.delta)) this.#pushProgress(event);
    } else if (event.type === 'step_completed' && event.step_type === 'inference') {
      this.#append(this.#slim(event));
    } else {
      this.#append(event);
    }
  }

  /** An event that an earlier attempt has told: what comes is merged and thinned as if it had been told here. */
  know(event: BatchEvent): void {
    if (event.type === 'step_completed') this.#told.delete(event.step_id);
    else if (event.type === 'step_progress' && this.#mode === 'live') this.#remember(event);
  }

  /** The oldest events, up to 256 KiB of them. */
  take(): readonly BatchEvent[] {
    let bytes = 0;
    let count = 0;
    for (const size of this.#sizes) {
      bytes += size;
      if (count > 0 && bytes > BATCH_BYTES) break;
      count += 1;
    }
    for (const size of this.#sizes.splice(0, count)) this.#bytes -= size;
    return this.#events.splice(0, count);
  }

  #pushProgress(event: BatchProgress): void {
    this.#remember(event);
    const last = this.#events.at(-1);
    const lastSize = this.#sizes.at(-1) ?? 0;
    const merged =
      last?.type === 'step_progress' && lastSize < MERGED_BYTES ? mergedWith(last, event) : undefined;
    if (!merged) return this.#append(event);
    // As it is written in JSON, without the quotes.
    const grown = Buffer.byteLength(JSON.stringify(textOf(event.delta))) - 2;
    this.#events[this.#events.length - 1] = merged;
    this.#sizes[this.#sizes.length - 1] = lastSize + grown;
    this.#bytes += grown;
  }

  #append(event: BatchEvent): void {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (isReport(event)) this.#makeRoom(size);
    this.#events.push(event);
    this.#sizes.push(size);
    this.#bytes += size;
  }

  /** A report is news: the last one stands, and all of them may be more than the activity's result can carry. */
  #makeRoom(size: number): void {
    while (this.#bytes + size > WAITING_BYTES) {
      const oldest = this.#events.findIndex(isReport);
      if (oldest < 0) return;
      this.#events.splice(oldest, 1);
      this.#bytes -= this.#sizes.splice(oldest, 1)[0] ?? 0;
    }
  }

  #remember({ step_id, delta }: BatchProgress): void {
    if (delta.type !== 'text' && delta.type !== 'reasoning') return;
    const told = this.#told.get(step_id) ?? { text: '', reasoning: [] };
    this.#told.set(step_id, told);
    if (delta.type === 'text') {
      told.text += delta.text;
      return;
    }
    const last = told.reasoning.at(-1);
    if (last?.kind === delta.kind)
      told.reasoning[told.reasoning.length - 1] = { kind: last.kind, text: last.text + delta.text };
    else told.reasoning.push({ kind: delta.kind, text: delta.text });
  }

  #slim(event: BatchInferenceCompleted): BatchInferenceCompleted {
    const told = this.#told.get(event.step_id);
    this.#told.delete(event.step_id);
    const { text_content, reasoning = [], ...rest } = event.result;
    const sameText = text_content === (told?.text ?? '');
    const sameReasoning = JSON.stringify(reasoning) === JSON.stringify(told?.reasoning ?? []);
    return {
      ...event,
      result: {
        ...rest,
        ...(sameText || text_content === undefined ? {} : { text_content }),
        ...(sameReasoning ? {} : { reasoning }),
      },
    };
  }
}

function isReport(event: BatchEvent): boolean {
  return event.type === 'step_progress' && event.delta.type === 'tool_report';
}

function isInferenceStart(event: BatchEvent): boolean {
  return event.type === 'step_started' && event.step_type === 'inference';
}

/** Deltas whose sum stands in the step's result. */
function isStreamed({ type }: Delta): boolean {
  return (
    type === 'text' ||
    type === 'reasoning' ||
    type === 'refusal' ||
    type === 'annotation' ||
    type === 'tool_call_delta'
  );
}

/** Two deltas that follow each other in one text, as one; undefined when they are not that. */
function mergedWith(a: BatchProgress, b: BatchProgress): BatchProgress | undefined {
  if (a.step_id !== b.step_id) return undefined;
  const [x, y] = [a.delta, b.delta];
  if (x.type === 'text' && y.type === 'text') return { ...a, delta: { ...x, text: x.text + y.text } };
  if (x.type === 'refusal' && y.type === 'refusal') return { ...a, delta: { ...x, text: x.text + y.text } };
  if (x.type === 'reasoning' && y.type === 'reasoning' && x.kind === y.kind) {
    return { ...a, delta: { ...x, text: x.text + y.text } };
  }
  if (x.type === 'tool_call_delta' && y.type === 'tool_call_delta' && x.call_id === y.call_id) {
    return { ...a, delta: { ...x, arguments_delta: x.arguments_delta + y.arguments_delta } };
  }
  return undefined;
}

function textOf(delta: Delta): string {
  switch (delta.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return delta.text;
    case 'tool_call_delta':
      return delta.arguments_delta;
    default:
      return '';
  }
}
