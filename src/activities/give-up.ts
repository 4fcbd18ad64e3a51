/**
 * How an attempt that did not get its answer ends. It speaks before it throws: where the model will be asked
 * again its steps are void, and watchers hear why and when; where it fails for good its steps stay open, and
 * the workflow and the readers end them by one rule. A response in the background runs on without its attempt:
 * where a later attempt takes it up its steps stay open too, and where nobody will it is cancelled.
 */
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { inferenceStepId } from '../events/step-id.js';
import { failureOf, turnError } from '../protocol/failures.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import type { Answer } from './answer.js';
import type { Attempt } from './attempt.js';
import type { KeptDetails } from './kept-details.js';
import type { ModelClient } from './model-client.js';
import { interrupted, saidFailure, thrownFailure } from './model-errors.js';
import type { ModelFailure } from './model-errors.js';
import { backoff, retryDelay } from './retry-delay.js';
import { cancelStored, ResponseGone } from './stored-response.js';
import { ToldOtherwise } from './told-steps.js';
import { standingOf } from './standing.js';

/** How soon another attempt may take over what this one hands over, in ms: 0 would end the retries for good. */
const HAND_OVER_MS = 50;

const CUT_OFF = 'The worker was cut off from Temporal';

export interface LostAttempt {
  readonly attempt: Attempt;
  readonly answer: Answer;
  readonly model: string;
  /** `inferenceStepPrefix` of the answer. */
  readonly stepPrefix: string;
  /** Tries that are allowed, excused ones aside. */
  readonly bound: number;
  /** A response in the background whose end was not seen; one of earlier attempts may not be looked up yet. */
  readonly mayRun: boolean;
  /** That response, looked up if need be. */
  findRunning(): Promise<RunningResponse | undefined>;
}

export interface RunningResponse {
  readonly client: ModelClient;
  readonly id: string;
}

/** The response ended, but not well. */
export class ResponseEnded extends Error {
  readonly failure: ModelFailure;

  constructor(failure: ModelFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

/** What the activity throws: for what stopped the attempt, or else for what was thrown. */
export async function giveUp(lost: LostAttempt, thrown: unknown): Promise<Error> {
  const { publisher, stopReason, number } = lost.attempt;
  switch (stopReason?.kind) {
    case 'cancelled':
      await Promise.all([publisher.flush(), letGo(lost), lost.attempt.cancelHeard()]);
      return inferenceCancelled(lost.attempt.kept);
    case 'stale':
      // A run that is over has no other attempt which would end the response.
      if (lost.mayRun && (await standingOf(lost.attempt.context)) === 'cancelled') await letGo(lost);
      return inferenceCancelled();
    case 'hand_over':
    case 'cut_off': {
      const message = stopReason.kind === 'cut_off' ? CUT_OFF : 'The worker is shutting down';
      const error = turnError('HandOver', { message, attempt: number });
      const failure: ModelFailure = { type: 'HandOver', error, retryAfter: HAND_OVER_MS };
      return lost.mayRun ? goneOnWith(lost, failure) : again(lost, failure);
    }
    case 'silent':
      return failed(lost, interrupted(stopReason.message, factsOf(lost)));
    case 'too_large': {
      const error = turnError('TurnTooLarge', { message: stopReason.message, attempt: number });
      return forGood(lost, { type: 'TurnTooLarge', error });
    }
    case undefined:
      if (!hasVerdict(thrown)) return failed(lost, modelFailureOf(lost, thrown));
      await Promise.all([
        publisher.flush(),
        letGo(lost),
        thrown instanceof CancelledFailure ? lost.attempt.cancelHeard() : undefined,
      ]);
      return thrown;
  }
}

/** The failure in what was thrown while the model was asked. */
export function modelFailureOf(lost: Pick<LostAttempt, 'attempt' | 'answer'>, thrown: unknown): ModelFailure {
  if (thrown instanceof ResponseEnded) return thrown.failure;
  if (thrown instanceof ToldOtherwise) {
    const message = `The stored response is not what was told of it: ${thrown.message}`;
    return { ...interrupted(message, factsOf(lost)), ended: true };
  }
  if (thrown instanceof ResponseGone) return { ...interrupted(thrown.message, factsOf(lost)), ended: true };
  return thrownFailure(thrown, factsOf(lost));
}

/** `kept`: what the server may hold of the request is told by comparing with it. */
export function inferenceCancelled({ newest_items }: KeptDetails = {}): Error {
  return new CancelledFailure('The inference was cancelled', newest_items ? [{ newest_items }] : []);
}

/** Tries so far, this one included unless it is excused. */
export function triesOf({ number, excused }: Attempt): number {
  return number - excused;
}

function failed(lost: LostAttempt, failure: ModelFailure): Promise<Error> {
  const { attempt, answer, mayRun, bound } = lost;
  const goesOn = mayRun && !failure.ended && failure.error.retryable;
  // Of a long response every attempt may hear a part: only those that hear nothing are tries.
  const gotOn = goesOn && answer.hasNews;
  if (gotOn) attempt.excuse();
  if (!failure.error.retryable || triesOf(attempt) >= bound) return forGood(lost, failure);
  if (!goesOn) return again(lost, failure);
  return goneOnWith(lost, gotOn ? { ...failure, retryAfter: failure.retryAfter ?? HAND_OVER_MS } : failure);
}

/** The model will be asked again. */
async function again(lost: LostAttempt, failure: ModelFailure): Promise<Error> {
  const { attempt, answer, model, stepPrefix } = lost;
  const { code, message } = failure.error;
  const due = new Date(Date.now() + delayOf(lost, failure));
  answer.supersede({ code, message }, due.toISOString(), () => ({
    type: 'step_started',
    step_id: inferenceStepId(stepPrefix, 0),
    step_type: 'inference',
    metadata: { model, attempt: attempt.number },
  }));
  await letGo(lost);
  return goneOnWith(lost, failure);
}

/** A later attempt goes on from what was told. */
async function goneOnWith(lost: LostAttempt, failure: ModelFailure): Promise<Error> {
  await lost.attempt.publisher.flush();
  return failureOf(failure.type, failure.error, { retry: true, nextRetryDelay: delayOf(lost, failure) });
}

async function forGood(lost: LostAttempt, { type, error }: ModelFailure): Promise<Error> {
  await Promise.all([lost.attempt.publisher.flush(), letGo(lost)]);
  return failureOf(type, error, { retry: false });
}

/** Never throws: what is lost at worst is that a response runs to its end. */
async function letGo(lost: LostAttempt): Promise<void> {
  const running = lost.mayRun ? await lost.findRunning().catch(() => undefined) : undefined;
  if (running) await cancelStored(running.client, running.id);
}

/** Milliseconds. Said with every failure: Temporal's own back-off is for attempts that die in silence. */
function delayOf({ attempt }: LostAttempt, { retryAfter }: ModelFailure): number {
  return retryDelay(retryAfter) ?? backoff(Math.max(1, triesOf(attempt)));
}

export function failureOfOutcome(ended: ResponseOutcome, attempt: number): ModelFailure {
  const facts = { attempt, response_id: ended.response_id };
  if (ended.status === 'failed' && ended.error) return { ...saidFailure(ended.error, facts), ended: true };
  const silent = ended.response_id === undefined && ended.final_text === '';
  return interrupted(
    silent
      ? 'The server answered without a single response event: is the base URL that of a Responses server?'
      : 'The stream ended before the response did',
    facts,
  );
}

function factsOf({ attempt, answer }: Pick<LostAttempt, 'attempt' | 'answer'>) {
  return { attempt: attempt.number, response_id: answer.responseId };
}

/** Thrown by our own code, which has decided already. */
function hasVerdict(thrown: unknown): thrown is Error {
  return thrown instanceof ApplicationFailure || thrown instanceof CancelledFailure;
}
