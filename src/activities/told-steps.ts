/**
 * What watchers were told of a response so far, and what a reading of it from its start says beyond that. An
 * attempt that takes a stored response up again reads all of it; only what nobody was told goes out. Pure.
 *
 * It compares what was said, not places in the stream: a batch may end between two events that one stream event
 * made, servers count differently or not at all, and a response that is polled has no places.
 */
import type { BatchEvent, BatchProgress } from '../events/batch.js';
import type { Delta, StepType, TurnEvent } from '../events/turn-event.js';

/** The response reads otherwise than it was told, so its steps cannot be gone on with. */
export class ToldOtherwise extends Error {
  override readonly name = 'ToldOtherwise';
}

interface ToldStep {
  readonly type: StepType;
  /** What the result says; undefined while the step runs. */
  result: { readonly text: string | undefined } | undefined;
  /** Texts that grow by deltas, by what they are of. */
  readonly texts: Map<string, string>;
  /** How many deltas of each other kind. */
  readonly counts: Map<string, number>;
  /** How far the reading has come. */
  readonly read: Map<string, number>;
  seen: boolean;
}

export class ToldSteps {
  readonly #steps = new Map<string, ToldStep>();
  /** The response that the steps are of, as far as they name it. */
  responseId: string | undefined;

  get size(): number {
    return this.#steps.size;
  }

  /** Ids and types of the steps that stand, in the order in which they were told. */
  get steps(): readonly { readonly step_id: string; readonly type: StepType; readonly completed: boolean }[] {
    return [...this.#steps].map(([step_id, { type, result }]) => ({
      step_id,
      type,
      completed: result !== undefined,
    }));
  }

  /** An event that watchers were told. */
  take(event: TurnEvent): void {
    switch (event.type) {
      case 'step_started': {
        const { step_id, step_type: type } = event;
        if (event.step_type === 'inference') this.responseId ??= event.metadata.response_id;
        const nothing = { texts: new Map(), counts: new Map(), read: new Map() };
        this.#steps.set(step_id, { type, result: undefined, seen: false, ...nothing });
        return;
      }
      case 'step_progress':
        return this.#progressed(event.step_id, event.delta);
      case 'step_completed': {
        const step = this.#steps.get(event.step_id);
        if (step)
          step.result = { text: event.step_type === 'inference' ? event.result.text_content : undefined };
        return;
      }
      case 'step_superseded':
        this.#steps.delete(event.step_id);
        if (this.#steps.size === 0) this.responseId = undefined;
        return;
      default:
        return;
    }
  }

  /**
   * The next event of the reading, parted into what watchers know and what is news.
   * @throws ToldOtherwise
   */
  split(event: BatchEvent): { readonly known?: BatchEvent; readonly news?: BatchEvent } {
    const step = 'step_id' in event ? this.#steps.get(event.step_id) : undefined;
    if (!step) return { news: event };
    switch (event.type) {
      case 'step_started':
        if (step.type !== event.step_type)
          throw new ToldOtherwise(`${event.step_id} was told as ${step.type}`);
        step.seen = true;
        return { known: event };
      case 'step_progress':
        if (step.result) return { known: event };
        return splitDelta(step, event);
      case 'step_completed': {
        if (!step.result) return { news: event };
        const text = event.step_type === 'inference' ? event.result.text_content : undefined;
        if (text !== step.result.text) throw new ToldOtherwise(`${event.step_id} was told with another text`);
        return { known: event };
      }
      default:
        return { news: event };
    }
  }

  /**
   * The reading is over.
   * @throws ToldOtherwise where a step that was told did not come.
   */
  end(): void {
    for (const [stepId, { seen }] of this.#steps) {
      if (!seen) throw new ToldOtherwise(`${stepId} is no step of the stored response`);
    }
  }

  #progressed(stepId: string, delta: Delta): void {
    const step = this.#steps.get(stepId);
    if (!step) return;
    const { of, text } = growthOf(delta);
    if (text === undefined) step.counts.set(of, (step.counts.get(of) ?? 0) + 1);
    else step.texts.set(of, (step.texts.get(of) ?? '') + text);
  }
}

function splitDelta(step: ToldStep, event: BatchProgress): { known?: BatchEvent; news?: BatchEvent } {
  const { of, text } = growthOf(event.delta);
  const at = step.read.get(of) ?? 0;
  if (text === undefined) {
    step.read.set(of, at + 1);
    return at < (step.counts.get(of) ?? 0) ? { known: event } : { news: event };
  }
  const told = (step.texts.get(of) ?? '').slice(at, at + text.length);
  if (!text.startsWith(told)) throw new ToldOtherwise(`${event.step_id} was told with another ${of}`);
  step.read.set(of, at + text.length);
  if (told.length === text.length) return { known: event };
  if (told === '') return { news: event };
  return {
    known: { ...event, delta: withText(event.delta, told) },
    news: { ...event, delta: withText(event.delta, text.slice(told.length)) },
  };
}

/** Which text a delta goes on with; no text: one of several that are counted. */
function growthOf(delta: Delta): { readonly of: string; readonly text?: string } {
  switch (delta.type) {
    case 'text':
    case 'refusal':
      return { of: delta.type, text: delta.text };
    case 'reasoning':
      return { of: `reasoning ${delta.kind}`, text: delta.text };
    case 'tool_call_delta':
      return { of: `arguments ${delta.call_id}`, text: delta.arguments_delta };
    default:
      return { of: delta.type };
  }
}

function withText(delta: Delta, text: string): Delta {
  if (delta.type === 'tool_call_delta') return { ...delta, arguments_delta: text };
  return { ...delta, text } as Delta;
}
