/**
 * The output of a turn as items of the Responses API: for each inference step a reasoning item and a message, as
 * far as it shows reasoning and says something.
 *
 * What our tools and hosted tools do is no item: an item that looks like a call would be run by the client.
 */
import type { Delta, InferenceResult, StepStatus } from '../../events/turn-event.js';
import { MessageItem } from './message-item.js';
import { ReasoningItem } from './reasoning-item.js';
import type { OutputItem } from './response-object.js';
import type { Say } from './wire-event.js';

interface StepItems {
  message?: MessageItem;
  reasoning?: ReasoningItem;
  closed: boolean;
}

/** A model that stopped to call tools goes on speaking: what it has said so far is not the answer. */
const GOES_ON: ReadonlySet<string> = new Set(['tool_calls', 'server_tool_call', 'approval_required']);

export class OutputItems {
  readonly #say: Say;
  readonly #items: (MessageItem | ReasoningItem)[] = [];
  readonly #steps = new Map<string, StepItems>();
  /** How often each step was superseded: one that is started again needs other ids. */
  readonly #starts = new Map<string, number>();

  constructor(say: Say) {
    this.#say = say;
  }

  get items(): readonly OutputItem[] {
    return this.#items.map(({ item }) => item);
  }

  /** What an inference step says while it runs. */
  progress(stepId: string, delta: Delta): void {
    switch (delta.type) {
      case 'text':
        return this.#message(stepId).text(delta.text);
      case 'refusal':
        return this.#message(stepId).refusal(delta.text);
      case 'annotation':
        return this.#message(stepId).annotate(delta.annotation);
      case 'reasoning':
        return this.#reasoning(stepId).think(delta.kind, delta.text);
      case 'tool_call_issued':
      case 'tool_call_delta':
      case 'tool_call_completed':
      case 'attempt_started':
      case 'attempt_failed':
      case 'tool_report':
        return undefined;
      default:
        return delta satisfies never;
    }
  }

  complete(stepId: string, stepStatus: StepStatus, result: InferenceResult): void {
    const { text_content: text, refusal, annotations, reasoning = [], stop_reason } = result;
    const status = stepStatus === 'completed' ? 'completed' : 'incomplete';
    if (reasoning.length > 0) this.#reasoning(stepId);
    if (text !== '' || refusal !== undefined) this.#message(stepId);
    const step = this.#step(stepId);
    if (step.closed) return;
    step.closed = true;
    step.reasoning?.close(reasoning, status);
    const phase = GOES_ON.has(stop_reason) ? 'commentary' : 'final_answer';
    step.message?.close({ text, refusal, annotations, status, phase });
  }

  /** A reset starts a step anew under its id: what it then says is of items of its own. */
  supersede(stepId: string): void {
    const step = this.#steps.get(stepId);
    if (!step) return;
    step.reasoning?.void();
    step.message?.void();
    this.#steps.delete(stepId);
    this.#starts.set(stepId, this.#startsOf(stepId) + 1);
  }

  #step(stepId: string): StepItems {
    const step = this.#steps.get(stepId) ?? { closed: false };
    this.#steps.set(stepId, step);
    return step;
  }

  #message(stepId: string): MessageItem {
    const step = this.#step(stepId);
    step.message ??= this.#add(new MessageItem(this.#idOf('msg', stepId), this.#items.length, this.#say));
    return step.message;
  }

  #reasoning(stepId: string): ReasoningItem {
    const step = this.#step(stepId);
    step.reasoning ??= this.#add(new ReasoningItem(this.#idOf('rs', stepId), this.#items.length, this.#say));
    return step.reasoning;
  }

  #add<T extends MessageItem | ReasoningItem>(item: T): T {
    this.#items.push(item);
    return item;
  }

  #startsOf(stepId: string): number {
    return this.#starts.get(stepId) ?? 0;
  }

  /** Step ids hold dots; item ids are words. */
  #idOf(prefix: 'msg' | 'rs', stepId: string): string {
    const again = this.#startsOf(stepId);
    return `${prefix}_${stepId.replaceAll('.', '_')}${again === 0 ? '' : `_${again}`}`;
  }
}
