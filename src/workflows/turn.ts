/** The state of a running turn: what the next request needs, and how the turn ends. */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  setCurrentDetails,
  TemporalFailure,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { JsonObject } from '../events/json.js';
import { responseText } from '../events/response-text.js';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { checkTurnInput } from '../protocol/check-turn-input.js';
import { fail } from '../protocol/failures.js';
import { failureDetails, soFar, turnCancelled, turnCompleted, turnFailed } from '../protocol/turn-end.js';
import { failureTypeOf, turnErrorOf } from '../protocol/turn-error.js';
import { CARRY_VERSION, isCarry } from '../protocol/turn-carry.js';
import type { CarriedAnswer, TurnCarry } from '../protocol/turn-carry.js';
import { startedBy } from '../protocol/turn-start.js';
import type { TurnReport } from '../protocol/session.js';
import type { TurnInput, TurnLimits, TurnResult } from '../protocol/turn.js';
import { Answers } from './answers.js';
import { carriedAnswer, withinCarry } from './carry.js';
import { Inputs } from './inputs.js';
import { checkSize } from './payload-limit.js';
import { now, Recorder } from './recorder.js';
import { Steering } from './steering.js';

/** What a turn comes to. */
export type Answer = Pick<
  InferResult,
  'status' | 'stop_reason' | 'final_text' | 'final_output' | 'refusal' | 'response_id'
>;

export class Turn {
  readonly id = workflowInfo().workflowId;
  /** The input as the turn was started with it. */
  readonly given: TurnInput;
  readonly input: TurnInput;
  /** Start of the turn's first run, in ms since 1970. */
  readonly startedAt: number;
  /** The answer that an earlier run got, and whose calls come next. */
  readonly carried: CarriedAnswer | undefined;
  readonly recorder: Recorder;
  readonly inputs: Inputs;
  readonly steering: Steering;
  /** Ordinal of the current response, from 1. */
  response: number;
  toolCalls: number;
  readonly answers = new Answers();
  agentHash: string | undefined;
  limits: TurnLimits;
  #conversation: string | undefined;
  #previousResponseId: string | undefined;
  #lastResponseId: string | undefined;
  #stateless = false;
  #nextInput: InferInput['input'];

  constructor(given: TurnInput, recorder: Recorder, carry?: TurnCarry) {
    const input = checkTurnInput(given);
    this.given = given;
    this.input = input;
    this.recorder = recorder;
    this.inputs = new Inputs(recorder, carry?.decided);
    this.steering = new Steering(this.id, input, carry?.steering);
    this.startedAt = carry ? Date.parse(carry.started_at) : workflowInfo().startTime.getTime();
    this.carried = carry?.answer;
    if (carry) this.answers.asked(carry.answer);
    this.response = carry?.response ?? 1;
    this.toolCalls = carry?.tool_calls ?? 0;
    this.agentHash = carry?.agent_hash;
    this.limits = carry?.limits ?? input.limits ?? {};
    this.#lastResponseId = carry?.answer.response_id;
    this.#stateless = carry?.stateless ?? false;
    this.#conversation = carry?.conversation ?? input.conversation;
    this.#previousResponseId = input.previous_response_id;
    this.#nextInput = input.input;
  }

  get conversation(): string | undefined {
    return this.#conversation;
  }

  /** Random, the same on replay, another one after a reset: names that are minted once. */
  mintSuffix(): string {
    return uuid4().replaceAll('-', '').slice(0, 6);
  }

  mintInputId(): string {
    return `input-${this.response}-${uuid4().replaceAll('-', '').slice(0, 12)}`;
  }

  request(): InferInput {
    const { agent, previous_turn_id, said_again, overrides, context, metadata, publishing } = this.input;
    return {
      agent,
      response: this.response,
      input: this.#nextInput,
      ...(this.agentHash === undefined ? {} : { agent_hash: this.agentHash }),
      ...(this.#conversation === undefined ? {} : { conversation: this.#conversation }),
      ...(this.#previousResponseId === undefined ? {} : { previous_response_id: this.#previousResponseId }),
      ...(previous_turn_id === undefined ? {} : { previous_turn_id }),
      ...(said_again === undefined || this.response > 1 ? {} : { said_again }),
      ...(overrides === undefined ? {} : { overrides }),
      ...(context === undefined ? {} : { context }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(publishing === undefined ? {} : { publishing }),
    };
  }

  /** Takes over what an answer says about the turn, also when the turn is being cancelled. */
  learn(answer: InferResult): void {
    this.agentHash = answer.agent_hash;
    this.limits = this.input.limits ?? answer.limits ?? this.limits;
    this.#conversation = answer.conversation ?? this.#conversation;
    this.#lastResponseId = answer.response_id ?? this.#lastResponseId;
    this.#stateless = answer.output_items !== undefined;
    this.steering.answered();
    this.answers.asked(answer);
  }

  /** What another run needs to go on with the calls of this answer; undefined where that is too much. */
  carry(answer: CarriedAnswer): TurnCarry | undefined {
    return withinCarry({
      version: CARRY_VERSION,
      started_at: new Date(this.startedAt).toISOString(),
      response: this.response,
      answer: carriedAnswer(answer),
      tool_calls: this.toolCalls,
      ...(this.agentHash === undefined ? {} : { agent_hash: this.agentHash }),
      limits: this.limits,
      ...(this.#conversation === undefined ? {} : { conversation: this.#conversation }),
      progress: this.recorder.progress,
      next_offset: this.recorder.nextOffset,
      decided: this.inputs.decided,
      steering: this.steering.carried,
      ...(this.#stateless ? { stateless: true } : {}),
    });
  }

  /** On to the next response, which is given the outputs of this one's calls, and what the user said meanwhile. */
  next(answer: CarriedAnswer, outputs: readonly JsonObject[]): void {
    this.response += 1;
    this.#nextInput = [...outputs, ...asJson(this.steering.take())];
    this.#previousResponseId = this.#conversation === undefined ? answer.response_id : undefined;
  }

  tell(details: string): void {
    setCurrentDetails(details);
  }

  /** @throws CancelledFailure once cancel was requested, whatever the last activity had to say. */
  throwIfCancelled(): void {
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The turn was cancelled');
  }

  /** @throws ApplicationFailure of type TurnTooLarge */
  resultOf(answer: Answer): TurnResult {
    const { progress } = this.recorder;
    const session_id = progress.session_id ?? this.#conversation;
    const result: TurnResult = {
      turn_id: this.id,
      ...(session_id === undefined ? {} : { session_id }),
      status: answer.status,
      stop_reason: answer.stop_reason,
      final_text: answer.final_text ?? responseText(progress, this.response),
      ...(answer.final_output === undefined ? {} : { final_output: answer.final_output }),
      ...(answer.refusal === undefined ? {} : { refusal: answer.refusal }),
      ...soFar(this.recorder),
    };
    checkSize("The turn's result", result);
    return result;
  }

  complete(result: TurnResult): TurnResult {
    this.recorder.ended(turnCompleted(result, now()));
    this.tell(`${result.status}: ${result.stop_reason}`);
    return result;
  }

  /** What the session needs to know for the next turn. */
  report(status: TurnReport['status']): TurnReport {
    const { taken, unanswered, unansweredAfter } = this.steering;
    return {
      turn_id: this.id,
      status,
      ...(this.#conversation === undefined ? {} : { conversation: this.#conversation }),
      ...(this.#lastResponseId === undefined ? {} : { last_response_id: this.#lastResponseId }),
      ...(this.#stateless ? { stateless: true } : {}),
      ...(taken.length > 0 ? { message_ids: taken } : {}),
      ...(status === 'cancelled' && unanswered.length > 0
        ? { unanswered, ...(unansweredAfter ? { unanswered_after: unansweredAfter } : {}) }
        : {}),
    };
  }

  failed(thrown: unknown): unknown {
    return endByThrowing(this.recorder, thrown);
  }
}

/** Input items are JSON; the types of the openai package are interfaces, which cannot say so. */
function asJson(items: readonly object[]): readonly JsonObject[] {
  return items as readonly JsonObject[];
}

/**
 * @throws ApplicationFailure of type InvalidTurnInput: other languages start turns without our client.
 * Error where another version carried what this one cannot read: a worker of that version then takes the task.
 */
export function openTurn(given: TurnInput, carried: unknown): Turn {
  const carry = carryOf(carried);
  const recorder = new Recorder(workflowInfo().workflowId, carry);
  if (!carry) recorder.started({ ...startedBy(given), at: workflowInfo().startTime.toISOString() });
  try {
    if (carried !== undefined && !carry) {
      throw fail('InvalidTurnInput', { message: 'agentTurn takes one argument, the turn input' });
    }
    return new Turn(given, recorder, carry);
  } catch (thrown) {
    // Whatever is wrong at the door, no later try of the workflow task would change it.
    const refused =
      thrown instanceof TemporalFailure ? thrown : fail('InvalidTurnInput', { message: String(thrown) });
    throw endByThrowing(recorder, refused);
  }
}

/** Whether the turn ends with what was thrown; anything else is a bug. */
export function endsTurn(thrown: unknown): boolean {
  return thrown instanceof TemporalFailure || CancellationScope.current().consideredCancelled;
}

function carryOf(given: unknown): TurnCarry | undefined {
  if (given === undefined || !workflowInfo().continuedFromExecutionRunId) return undefined;
  if (isCarry(given)) return given;
  throw new Error('This run was continued by another version of durable-turns, which it needs');
}

/**
 * Ends the turn in the events, and gives what the workflow is to throw. A bug is passed on as it is:
 * Temporal then retries the workflow task until a fixed worker takes it, and the turn is not lost.
 */
function endByThrowing(recorder: Recorder, thrown: unknown): unknown {
  if (isCancellation(thrown) || CancellationScope.current().consideredCancelled) {
    recorder.ended(turnCancelled(recorder, now()));
    return new CancelledFailure('The turn was cancelled');
  }
  if (!endsTurn(thrown)) return thrown;
  const error = turnErrorOf(thrown, 'workflow');
  const failure = ApplicationFailure.create({
    type: failureTypeOf(thrown),
    message: error.message,
    nonRetryable: true,
    details: [failureDetails(error, recorder)],
  });
  recorder.ended(turnFailed(failure, recorder, now()));
  setCurrentDetails(`failed: ${error.message}`);
  return failure;
}
