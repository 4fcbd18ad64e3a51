/**
 * Random turns as they were meant: what every attempt of every activity had to say, before any of it
 * travels. `random-delivery.ts` makes of it what arrives.
 */
import { ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import type { BatchEvent, SourceEnd } from '../../src/events/batch.js';
import type { JsonValue } from '../../src/events/json.js';
import type { RoutedCall } from '../../src/events/routed-call.js';
import { inferenceSource, toolSource } from '../../src/events/source.js';
import { toolStepId } from '../../src/events/step-id.js';
import type { TurnError } from '../../src/events/turn-event.js';
import { sourceEndOf } from '../../src/protocol/turn-error.js';
import { AT } from './batches.js';
import { answerEvents, supersedesOf } from './random-answer.js';
import type { Random } from './random.js';

export interface RandomTurn {
  readonly rounds: readonly Round[];
}

/** One response: the inference, then the calls that it asked for. */
export interface Round {
  readonly inference: Activity;
  /** What the workflow says of calls that cannot run. */
  readonly rejected: readonly BatchEvent[];
  readonly tools: readonly Activity[];
}

export interface Activity {
  readonly source: string;
  readonly kind: 'inference' | 'tool';
  readonly attempts: readonly Attempt[];
  /** What counts: all events but those of attempts that were superseded. */
  readonly counts: readonly BatchEvent[];
  readonly end: Settled | Closed;
}

export interface Attempt {
  readonly epoch: number;
  readonly attempt: number;
  readonly continues: boolean;
  readonly events: readonly BatchEvent[];
  /** What it goes on to say when the next attempt works already. */
  readonly unheard: readonly BatchEvent[];
}

export interface Settled {
  readonly kind: 'settled';
  readonly calls?: readonly RoutedCall[];
  readonly output?: JsonValue;
}

export interface Closed {
  readonly kind: 'closed';
  readonly thrown: ApplicationFailure | CancelledFailure | TimeoutFailure;
  readonly end: SourceEnd;
}

export function randomTurn(random: Random): RandomTurn {
  const clock = new Clock(random);
  const rounds: Round[] = [];
  for (let response = 1; response <= 3; response += 1) {
    const calls = random.times(0, 3, (index) => randomCall(random, index));
    const fails = random.chance(0.15);
    const inference = inferenceActivity(random, clock, response, calls, fails);
    const goesOn = !fails && calls.length > 0;
    rounds.push({
      inference,
      ...(goesOn ? runs(random, clock, response, calls) : { rejected: [], tools: [] }),
    });
    if (!goesOn) break;
  }
  return { rounds };
}

/** Hands out epochs: every attempt is scheduled later than the one before. */
class Clock {
  readonly #random: Random;
  #now = Date.parse(AT);

  constructor(random: Random) {
    this.#random = random;
  }

  next(): number {
    this.#now += this.#random.between(50, 5000);
    return this.#now;
  }
}

function randomCall(random: Random, index: number): RoutedCall {
  const call = {
    call_id: `call_${index}`,
    tool_type: random.pick(['function', 'custom']),
    tool_name: random.pick(['save_note', 'send_mail']),
    arguments: JSON.stringify({ text: random.word() }),
  };
  if (random.chance(0.2)) return { ...call, rejection: { code: 'unknown_tool', message: `no ${index}` } };
  return { ...call, activity: call.tool_name };
}

function runs(random: Random, clock: Clock, response: number, calls: readonly RoutedCall[]) {
  const rejected = calls.flatMap((call, index): BatchEvent[] => {
    if (!call.rejection) return [];
    const step_id = toolStepId(response, index, 'rej');
    const step = { step_id, step_type: 'tool_execution', at: AT } as const;
    return [
      { type: 'step_started', ...step },
      { type: 'step_completed', ...step, status: 'failed' },
    ];
  });
  const tools = calls.flatMap((call, index) =>
    call.rejection ? [] : [toolActivity(random, clock, response, index)],
  );
  return { rejected, tools };
}

/** Lives follow each other: each asks the model anew and voids the one before; a life may take two attempts. */
function inferenceActivity(
  random: Random,
  clock: Clock,
  response: number,
  calls: readonly RoutedCall[],
  fails: boolean,
): Activity {
  const attempts: Attempt[] = [];
  const lives = random.pick([1, 1, 1, 2, 3]);
  for (let life = 1; ; life += 1) {
    const epoch = clock.next();
    const attempt = attempts.length + 1;
    const all = answerEvents(random, { response, epoch, attempt, calls });
    const isLast = life === lives;
    const heard = isLast && !fails ? all.length : random.between(isLast ? 1 : 0, all.length - 1);
    const said = all.slice(0, heard);
    const explains = !isLast && random.chance(0.5);
    const events = explains ? [...said, ...supersedesOf(said)] : said;
    const unheard = isLast || explains ? [] : all.slice(heard);
    attempts.push(...oneOrTwoAttempts(random, clock, { epoch, attempt, continues: false, events, unheard }));
    if (isLast) {
      const source = inferenceSource(response, `r${response}`);
      const end = fails ? closed(random, 'model') : ({ kind: 'settled', calls } as const);
      return { source, kind: 'inference', attempts, counts: said, end };
    }
  }
}

/** A lost attempt whose response goes on: a second one takes it up without a seam. */
function oneOrTwoAttempts(random: Random, clock: Clock, whole: Attempt): Attempt[] {
  const { events, unheard } = whole;
  if (events.length < 2 || random.chance(0.6)) return [whole];
  const seam = random.between(1, events.length - 1);
  return [
    { ...whole, events: events.slice(0, seam), unheard: events.slice(seam) },
    { epoch: clock.next(), attempt: whole.attempt + 1, continues: true, events: events.slice(seam), unheard },
  ];
}

function toolActivity(random: Random, clock: Clock, response: number, call: number): Activity {
  const source = toolSource(response, call, 'x1');
  const step_id = toolStepId(response, call, 'x1');
  const fails = random.chance(0.2);
  const count = random.pick([1, 1, 2, 3]);
  const attempts = Array.from({ length: count }, (_, index): Attempt => {
    const attempt = index + 1;
    const isLast = attempt === count;
    const events: BatchEvent[] = [
      { type: 'step_progress', step_id, delta: { type: 'attempt_started', attempt, worker: 'w' } },
      ...random.times(0, 2, () => report(random, step_id)),
    ];
    if (isLast && !fails) {
      events.push({
        type: 'step_completed',
        step_id,
        step_type: 'tool_execution',
        at: AT,
        status: 'completed',
      });
    } else if (isLast || random.chance(0.7)) {
      const error = { ...randomError(random, 'tool'), attempt };
      events.push({ type: 'step_progress', step_id, delta: { type: 'attempt_failed', attempt, error } });
    }
    // A worker that died at once has said nothing.
    const heard = !isLast && random.chance(0.2) ? [] : events;
    return {
      epoch: clock.next(),
      attempt,
      continues: true,
      events: heard,
      unheard: [report(random, step_id)],
    };
  });
  const end = fails
    ? closed(random, 'tool')
    : ({ kind: 'settled', output: { done: random.word() } } as const);
  return { source, kind: 'tool', attempts, counts: attempts.flatMap(({ events }) => events), end };
}

function report(random: Random, step_id: string): BatchEvent {
  return { type: 'step_progress', step_id, delta: { type: 'tool_report', data: { at: random.word() } } };
}

function closed(random: Random, who: 'model' | 'tool'): Closed {
  const error = randomError(random, who);
  const thrown = random.pick([
    ApplicationFailure.create({ message: error.message, type: 'Failed', details: [error] }),
    new CancelledFailure('cancelled'),
    new TimeoutFailure('activity Heartbeat timeout', undefined, 'HEARTBEAT'),
  ]);
  return { kind: 'closed', thrown, end: sourceEndOf(thrown, who) };
}

function randomError(random: Random, source: 'model' | 'tool'): TurnError {
  return { code: 'broken', message: `It broke:${random.word()}`, source, retryable: random.chance(0.5) };
}
