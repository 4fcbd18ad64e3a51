/** Reads one response's stream into turn events, and keeps what is needed to end or void its steps. */
import { advance, interrupt, outcome, startResponse } from '../synthesizer/index.js';
import type { ResponseOutcome, SynthesizerOptions, SynthesizerState } from '../synthesizer/index.js';
import type { BatchEvent } from '../events/batch.js';
import type { StepDraft } from '../events/draft.js';
import type { JsonObject } from '../events/json.js';
import type { StepType, SupersedeReason } from '../events/turn-event.js';
import { ToldSteps } from './told-steps.js';

/** An answer that would not fit into Temporal with everything that hangs on it. */
export const ANSWER_BYTES = 1024 * 1024;

/** Where events go. */
export interface Teller {
  tell(event: BatchEvent): void;
  /** An earlier attempt has told it. */
  know(event: BatchEvent): void;
}

export class Answer {
  /** Characters of text, arguments and reasoning that came so far. */
  size = 0;
  /** The output items of the response, for agents that send everything again. */
  outputItems: readonly JsonObject[] = [];
  #state: SynthesizerState;
  #text = '';
  readonly #steps = new Map<string, { type: StepType; completed: boolean }>();
  readonly #teller: Teller;
  readonly #told: ToldSteps;
  #newsCount = 0;

  /** @param told what earlier attempts told of this response, if it is one that they began. */
  constructor(options: SynthesizerOptions, teller: Teller, told = new ToldSteps()) {
    this.#state = startResponse(options);
    this.#teller = teller;
    this.#told = told;
    for (const { step_id, ...step } of told.steps) this.#steps.set(step_id, step);
  }

  /** Once the server has named it. */
  get responseId(): string | undefined {
    return this.#state.response_id ?? undefined;
  }

  /** Whether it said anything that watchers did not know. */
  get hasNews(): boolean {
    return this.#newsCount > 0;
  }

  get outcome(): ResponseOutcome | undefined {
    return outcome(this.#state);
  }

  /** Text of the steps that were told as completed. */
  get text(): string {
    return this.#text;
  }

  /**
   * Takes one stream event. The end of a response that failed is not told: whether its steps are void or
   * failed depends on whether the model is asked again.
   */
  take(event: unknown): ResponseOutcome | undefined {
    const next = advance(this.#state, event);
    this.#state = next.state;
    const end = outcome(next.state);
    if (!end || end.status === 'completed' || end.status === 'incomplete')
      next.events.forEach((draft) => this.#say(draft));
    if (end) this.outputItems = outputOf(event);
    if (end?.status === 'completed' || end?.status === 'incomplete') this.#told.end();
    return end;
  }

  /** The stream is over; if the response is not, this is its outcome. */
  end(): ResponseOutcome {
    const ended = outcome(this.#state) ?? outcome(interrupt(this.#state).state);
    if (!ended) throw new Error('an interrupted response has an outcome');
    return ended;
  }

  /**
   * Everything told is void, because the model will be asked again. With no step told so far `openStep` makes one
   * for it, if it is given: watchers see why they wait.
   */
  supersede(reason: SupersedeReason, retryAt: string | undefined, openStep?: () => StepDraft): void {
    if (this.#steps.size === 0 && openStep) this.#say(openStep());
    const at = new Date().toISOString();
    for (const [step_id, { type, completed }] of this.#steps) {
      this.#teller.tell({
        type: 'step_superseded',
        step_id,
        step_type: type,
        at,
        was_completed: completed,
        may_have_run: type === 'tool_execution',
        ...(retryAt === undefined ? {} : { retry_at: retryAt }),
        reason,
      });
    }
    this.#steps.clear();
  }

  #say(draft: StepDraft): void {
    if (draft.type === 'step_progress') {
      this.size += sizeOf(draft);
      this.#sayOnce({ type: 'step_progress', step_id: draft.step_id, delta: draft.delta });
      return;
    }
    this.#steps.set(draft.step_id, { type: draft.step_type, completed: draft.type === 'step_completed' });
    if (draft.type === 'step_completed' && draft.step_type === 'inference')
      this.#text += draft.result.text_content;
    this.#sayOnce({ ...draft, at: new Date().toISOString() });
  }

  #sayOnce(event: BatchEvent): void {
    const { known, news } = this.#told.split(event);
    if (known) this.#teller.know(known);
    if (!news) return;
    this.#newsCount += 1;
    this.#teller.tell(news);
  }
}

function sizeOf({ delta }: Extract<StepDraft, { type: 'step_progress' }>): number {
  switch (delta.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return Buffer.byteLength(delta.text);
    case 'tool_call_delta':
      return Buffer.byteLength(delta.arguments_delta);
    default:
      return 0;
  }
}

function outputOf(event: unknown): readonly JsonObject[] {
  const { response } = Object(event) as { response?: { output?: unknown } };
  return Array.isArray(response?.output) ? (response.output as readonly JsonObject[]) : [];
}
