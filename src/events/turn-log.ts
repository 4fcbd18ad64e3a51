/**
 * TurnLog: turns what the carriers bring (batches, results, ends of activities) into the one stream of turn
 * events, and folds it. It runs in two places, the workflow and the client's reader, and must give the same
 * in both: it is deterministic, with no clock, no randomness and no I/O of its own.
 *
 * L1 A batch of a source that is not open, or of an epoch below the newest, changes nothing.
 * L2 A higher epoch supersedes the steps of the attempts before, unless it says `continues`.
 * L3 A batch number that was seen changes nothing; a gap is counted in `gaps`, which tests hold at 0.
 * L4 A hand-over is the truth about its source: it is never dropped, and where it is of an attempt that others had
 *    followed, what that attempt told counts again, and theirs is void.
 * L5 After a source has ended none of its steps is running.
 */
import { advance, findStep } from './advance.js';
import { isCompletion, isHandover } from './activity-outcome.js';
import type { ActivityOutcome } from './activity-outcome.js';
import type { Batch, BatchEvent, SourceEnd } from './batch.js';
import { isWhole } from './check-batch.js';
import { completeEvent } from './complete-event.js';
import { endOfStep } from './end-of-step.js';
import { KnownCalls } from './known-calls.js';
import type { Asks } from './known-calls.js';
import { openCallsOf } from './open-calls.js';
import { emptyProgress } from './progress.js';
import type { Step, TurnProgress } from './progress.js';
import { Published } from './published.js';
import { parseSource, WORKFLOW_SOURCE } from './source.js';
import type { Source } from './source.js';
import type { JsonValue } from './json.js';
import { foreignText, inWords } from './tool-text.js';
import type {
  StepSuperseded,
  SupersedeReason,
  ToolCall,
  TurnEndEvent,
  TurnEvent,
  TurnStarted,
} from './turn-event.js';

/** What an earlier run left: the answer whose calls come next, and everything before it. */
export interface Resumed {
  readonly progress: TurnProgress;
  /** Ordinal of the answer. */
  readonly response: number;
  readonly answer: Asks;
}

interface OpenSource {
  readonly kind: Source['kind'] | 'workflow';
  epoch: number;
  n: number;
  /** Steps that this source started and that were not superseded. */
  steps: string[];
  /** Of an inference: what all its attempts said by signal. */
  readonly published?: Published;
}

const ATTEMPT_LOST: SupersedeReason = {
  code: 'attempt_lost',
  message: 'The attempt fell silent, so its work is done again.',
};

export class TurnLog {
  /** Batches that never came: always 0 unless an invariant is broken. */
  gaps = 0;
  #progress: TurnProgress;
  readonly #turnId: string;
  readonly #sources = new Map<string, OpenSource>();
  readonly #known = new KnownCalls();
  /** Every call of the turn has an output in the conversation. */
  #completed = false;

  constructor(turnId: string) {
    this.#turnId = turnId;
    this.#progress = emptyProgress(turnId);
    this.nextRun();
  }

  get progress(): TurnProgress {
    return this.#progress;
  }

  /** Calls, and questions of hosted tools, that the model server still waits for an answer to. */
  get openCalls(): readonly ToolCall[] {
    return this.#completed ? [] : openCallsOf(this.#progress, this.#known.newest);
  }

  /** The turn goes on in another run: nothing of the run before works any more, and this one counts afresh. */
  nextRun(): void {
    this.#sources.clear();
    this.#sources.set(WORKFLOW_SOURCE, { kind: 'workflow', epoch: 0, n: -1, steps: [] });
  }

  /** Goes on from what an earlier run left, for those who have not seen its events. */
  resume({ progress, response, answer }: Resumed): void {
    this.#progress = progress;
    this.#known.ask(response, answer);
  }

  /** The turn has started. */
  start(event: Omit<TurnStarted, 'type' | 'turn_id'>): TurnEvent[] {
    return this.#tell({ type: 'turn_started', turn_id: this.#turnId, ...event });
  }

  /** An activity was scheduled: its batches count from now on. For one of our tools this is its step's start. */
  open(source: string, at: string): TurnEvent[] {
    const parsed = parseSource(source);
    if (!parsed || this.#sources.has(source)) return [];
    const published = parsed.kind === 'inference' ? { published: new Published() } : {};
    const opened: OpenSource = { kind: parsed.kind, epoch: 0, n: -1, steps: [], ...published };
    this.#sources.set(source, opened);
    if (parsed.kind !== 'tool') return [];
    if (this.#step(parsed.stepId)) {
      // The workflow opened the step to ask about it; from here on the tool speaks for it.
      opened.steps.push(parsed.stepId);
      return [];
    }
    return this.#apply(opened, {
      type: 'step_started',
      step_id: parsed.stepId,
      step_type: 'tool_execution',
      at,
    });
  }

  /**
   * A batch that was published while its source works. Anybody can send a signal: what is no batch at all is
   * dropped too, and no signal speaks for the workflow.
   */
  accept(batch: Batch | null | undefined): TurnEvent[] {
    const source = batch && this.#sources.get(batch.source);
    if (!source || source.kind === 'workflow' || !batch.events.every(isWhole)) return [];
    source.published?.add(batch);
    if (batch.epoch < source.epoch) return [];
    return [...this.#enterEpoch(source, batch), ...this.#applyBatch(source, batch)];
  }

  /**
   * Somebody outside gave the output that this input asks for: it travels in the update, not in events.
   * As with our own tools the model is told a string as it is, anything else as JSON text.
   */
  learn(inputId: string, output: JsonValue): void {
    const input = this.#progress.inputs.find((open) => open.input_id === inputId);
    // Two may be accepted before either is said; the first one counts, as in the workflow.
    if (input) this.#known.answer(input.step_id, inWords(output));
  }

  /** What the workflow itself says. */
  say(batch: Batch): TurnEvent[] {
    const source = this.#sources.get(WORKFLOW_SOURCE);
    if (!source) return [];
    return this.#applyBatch(source, batch);
  }

  /** The source is done. A result that none of our activities made is the output of a tool as it is. */
  settle(sourceId: string, done: unknown, at: string): TurnEvent[] {
    const source = this.#sources.get(sourceId);
    if (!source) return [];
    if (source.kind === 'completion') {
      this.#completed = isCompletion(done);
      this.#sources.delete(sourceId);
      return [];
    }
    if (!isHandover(done)) return this.#settleForeign(sourceId, source, done, at);
    const parsed = parseSource(sourceId);
    if (parsed?.kind === 'inference') this.#known.ask(parsed.response, done);
    const told = [
      ...(done.epoch < source.epoch ? this.#goBack(source, done, at) : []),
      ...this.#enterEpoch(source, done),
    ];
    for (const batch of done.batches) told.push(...this.#applyBatch(source, batch, done.output));
    told.push(...this.#endSteps(source, 'incomplete', undefined, at));
    this.#sources.delete(sourceId);
    return told;
  }

  /** An activity ended without a result: its open steps end as it did. */
  close(sourceId: string, end: SourceEnd, at: string): TurnEvent[] {
    const source = this.#sources.get(sourceId);
    if (!source) return [];
    this.#sources.delete(sourceId);
    return this.#endSteps(source, end.status, end.error, at);
  }

  /** The turn is over. What is asked or runs still ends as cancelled first: nothing stays open. */
  end(event: TurnEndEvent): TurnEvent[] {
    const told: TurnEvent[] = [];
    for (const { input_id } of this.#progress.inputs) {
      const { turn_id, at } = event;
      told.push(...this.#tell({ type: 'input_resolved', turn_id, input_id, decision: 'cancelled', at }));
    }
    for (const source of this.#sources.values())
      told.push(...this.#endSteps(source, 'cancelled', undefined, event.at));
    this.#sources.clear();
    return [...told, ...this.#tell(event)];
  }

  #settleForeign(sourceId: string, source: OpenSource, returned: unknown, at: string): TurnEvent[] {
    this.#sources.delete(sourceId);
    if (source.kind !== 'tool') return this.#endSteps(source, 'incomplete', undefined, at);
    return source.steps.flatMap((step_id) => {
      const text = foreignText(this.#known.callOf(step_id), returned);
      if ('error' in text) return this.#endSteps(source, 'failed', text.error, at);
      const step = { step_id, step_type: 'tool_execution', at } as const;
      return this.#apply(source, { type: 'step_completed', ...step, status: 'completed' }, text.output);
    });
  }

  /** The attempt that is done is not the newest: what came behind it is void, and what it had told is told again. */
  #goBack(source: OpenSource, done: ActivityOutcome, at: string): TurnEvent[] {
    if (!source.published) {
      // A tool's step is one over all its attempts: all that is missing is what this one reported meanwhile.
      source.epoch = done.epoch;
      source.n = (done.batches[0]?.n ?? 0) - 1;
      return [];
    }
    const told = source.steps.flatMap((stepId) => this.#apply(source, this.#superseded(stepId, at)));
    source.epoch = 0;
    for (const batch of source.published.of(done)) {
      told.push(...this.#enterEpoch(source, batch), ...this.#applyBatch(source, batch));
    }
    return told;
  }

  #enterEpoch(source: OpenSource, { epoch, continues }: { epoch: number; continues?: boolean }): TurnEvent[] {
    if (epoch === source.epoch) return [];
    const lost = continues || source.kind !== 'inference' ? [] : source.steps;
    source.epoch = epoch;
    source.n = -1;
    const at = new Date(epoch).toISOString();
    return lost.flatMap((stepId) => this.#apply(source, this.#superseded(stepId, at)));
  }

  #applyBatch(source: OpenSource, batch: Batch, output?: JsonValue): TurnEvent[] {
    if (batch.n <= source.n) return [];
    if (batch.n > source.n + 1) this.gaps += 1;
    source.n = batch.n;
    return batch.events.flatMap((event) => this.#apply(source, event, output));
  }

  #apply(source: OpenSource, event: BatchEvent, output?: JsonValue): TurnEvent[] {
    const whole = completeEvent(event, {
      turnId: this.#turnId,
      step: 'step_id' in event ? this.#step(event.step_id) : undefined,
      call: 'step_id' in event ? this.#known.callOf(event.step_id) : undefined,
      approval: 'call_id' in event ? this.#known.approvalOf(event.call_id) : undefined,
      output: output ?? ('step_id' in event ? this.#known.outputOf(event.step_id) : undefined),
    });
    if (!whole) return [];
    if (whole.type === 'step_started') source.steps.push(whole.step_id);
    if (whole.type === 'step_superseded') {
      const { step_id } = whole;
      source.steps = source.steps.filter((id) => id !== step_id);
    }
    return this.#tell(whole);
  }

  #endSteps(
    source: OpenSource,
    status: 'incomplete' | SourceEnd['status'],
    error: SourceEnd['error'] | undefined,
    at: string,
  ): TurnEvent[] {
    return source.steps.flatMap((stepId) => {
      const step = this.#step(stepId);
      return step?.state === 'running' ? this.#tell(endOfStep(this.#turnId, step, status, error, at)) : [];
    });
  }

  #superseded(stepId: string, at: string): Omit<StepSuperseded, 'turn_id'> {
    const step = this.#step(stepId);
    return {
      type: 'step_superseded',
      step_id: stepId,
      step_type: step?.step_type ?? 'inference',
      at,
      was_completed: step !== undefined && step.state !== 'running',
      may_have_run: step?.step_type === 'tool_execution',
      reason: ATTEMPT_LOST,
    };
  }

  #step(stepId: string): Step | undefined {
    return this.#progress.steps[findStep(this.#progress, stepId)];
  }

  #tell(event: TurnEvent): TurnEvent[] {
    this.#progress = advance(this.#progress, event);
    return [event];
  }
}
