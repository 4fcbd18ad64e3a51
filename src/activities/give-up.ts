/**
 * How an attempt that did not get its answer ends. It speaks before it throws: where the model will be asked
 * again its steps are void, and watchers hear why and when; where it fails for good its steps stay open, and
 * the workflow and the readers end them by one rule.
 */
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { inferenceStepId } from '../events/step-id.js';
import { failureOf, turnError } from '../protocol/failures.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import type { Answer } from './answer.js';
import type { Attempt } from './attempt.js';
import { interrupted, saidFailure, thrownFailure } from './model-errors.js';
import type { ModelFailure } from './model-errors.js';
import { backoff, retryDelay } from './retry-delay.js';

/** How soon another worker may take over what this one hands over, in ms: 0 would end the retries for good. */
const HAND_OVER_MS = 50;

export interface LostAttempt {
  readonly attempt: Attempt;
  readonly answer: Answer;
  readonly model: string;
  /** `inferenceStepPrefix` of the attempt. */
  readonly stepPrefix: string;
  /** Tries that are allowed, hand-overs aside. */
  readonly bound: number;
}

/** The response ended, but not well. */
export class ResponseEnded extends Error {
  readonly failure: ModelFailure;

  constructor(ended: ResponseOutcome, attempt: number) {
    const failure = failureOfOutcome(ended, attempt);
    super(failure.error.message);
    this.failure = failure;
  }
}

/** What the activity throws: for what stopped the attempt, or else for what was thrown. */
export async function giveUp(lost: LostAttempt, thrown: unknown): Promise<Error> {
  const { publisher, stopReason, number } = lost.attempt;
  switch (stopReason?.kind) {
    case 'cancelled':
      await publisher.flush();
      return inferenceCancelled();
    case 'stale':
      return inferenceCancelled();
    case 'hand_over': {
      const error = turnError('HandOver', { message: 'The worker is shutting down', attempt: number });
      return again(lost, { type: 'HandOver', error, retryAfter: HAND_OVER_MS });
    }
    case 'silent':
      return failed(lost, interrupted(stopReason.message, factsOf(lost)));
    case 'too_large': {
      const error = turnError('TurnTooLarge', { message: stopReason.message, attempt: number });
      return forGood(lost, { type: 'TurnTooLarge', error });
    }
    case undefined:
      if (!hasVerdict(thrown)) return failed(lost, modelFailureOf(lost, thrown));
      await publisher.flush();
      return thrown;
  }
}

/** The failure in what was thrown while the model was asked. */
export function modelFailureOf(lost: Pick<LostAttempt, 'attempt' | 'answer'>, thrown: unknown): ModelFailure {
  return thrown instanceof ResponseEnded ? thrown.failure : thrownFailure(thrown, factsOf(lost));
}

export function inferenceCancelled(): Error {
  return new CancelledFailure('The inference was cancelled');
}

/** Tries so far, this one included. Hand-overs are nobody's failure. */
export function triesOf({ number, handOvers }: Attempt): number {
  return number - handOvers;
}

function failed(lost: LostAttempt, failure: ModelFailure): Promise<Error> {
  const mayTry = failure.error.retryable && triesOf(lost.attempt) < lost.bound;
  return mayTry ? again(lost, failure) : forGood(lost, failure);
}

async function again(lost: LostAttempt, { type, error, retryAfter }: ModelFailure): Promise<Error> {
  const { attempt, answer, model, stepPrefix } = lost;
  const nextRetryDelay = retryDelay(retryAfter);
  const due = Date.now() + (nextRetryDelay ?? backoff(attempt.number));
  const { code, message } = error;
  answer.supersede({ code, message }, new Date(due).toISOString(), () => ({
    type: 'step_started',
    step_id: inferenceStepId(stepPrefix, 0),
    step_type: 'inference',
    metadata: { model, attempt: attempt.number },
  }));
  await attempt.publisher.flush();
  const delay = nextRetryDelay === undefined ? {} : { nextRetryDelay };
  return failureOf(type, error, { retry: true, ...delay });
}

async function forGood({ attempt }: LostAttempt, { type, error }: ModelFailure): Promise<Error> {
  await attempt.publisher.flush();
  return failureOf(type, error, { retry: false });
}

function failureOfOutcome(ended: ResponseOutcome, attempt: number): ModelFailure {
  const facts = { attempt, response_id: ended.response_id };
  if (ended.status === 'failed' && ended.error) return saidFailure(ended.error, facts);
  const silent = ended.response_id === undefined && ended.final_text === '';
  return interrupted(
    silent
      ? 'The server answered without a single response event: is the base URL that of a Responses server?'
      : 'The stream ended before the response did',
    facts,
  );
}

function factsOf({ attempt, answer }: Pick<LostAttempt, 'attempt' | 'answer'>) {
  return { attempt: attempt.number, response_id: answer.outcome?.response_id };
}

/** Thrown by our own code, which has decided already. */
function hasVerdict(thrown: unknown): thrown is Error {
  return thrown instanceof ApplicationFailure || thrown instanceof CancelledFailure;
}
