/** The calls of one response, side by side; their outputs in call order, all for one request. */
import { isCancellation } from '@temporalio/workflow';
import type { BatchEvent } from '../events/batch.js';
import type { JsonObject } from '../events/json.js';
import type { RoutedCall } from '../events/routed-call.js';
import { toolSource } from '../events/source.js';
import { responseOfStep, toolStepId } from '../events/step-id.js';
import { fail } from '../protocol/failures.js';
import { canTellErrors, outputItem } from '../protocol/output-item.js';
import type { CarriedAnswer } from '../protocol/turn-carry.js';
import { askAbout, askForServer } from './ask.js';
import type { Answered } from './ask.js';
import { withinBounds } from './bound-outputs.js';
import { checkCalls } from './payload-limit.js';
import { now } from './recorder.js';
import { runCall } from './run-call.js';
import type { Turn } from './turn.js';

/** Whether the response waits for something from us. */
export function wantsMore({ calls, approvals = [] }: CarriedAnswer): boolean {
  return calls.length > 0 || approvals.length > 0;
}

/** Runs and asks for everything that the response waits for; gives the items that answer it. */
export async function answerCalls(turn: Turn, answer: CarriedAnswer): Promise<readonly JsonObject[]> {
  const { calls, approvals = [] } = answer;
  checkCalls(calls, turn.input.context);
  turn.toolCalls += calls.length;
  turn.tell(`running ${calls.map((call) => call.tool_name).join(', ')} (response ${turn.response})`);
  rejectCalls(turn, calls);
  const work = [
    ...calls.map((call, index) => async () => {
      return turn.answers.keep(call, answerTo(call, await outputOf(turn, answer, call, index)));
    }),
    ...approvals.map((asked) => async () => {
      return turn.answers.keep(asked, await askForServer(turn, asked, askingStep(turn)));
    }),
  ].map((run) => () => run().catch((thrown: unknown) => doom(turn, thrown)));
  // All of them end before the turn goes on: a failing tool does not disturb its siblings.
  const outcomes = answer.sequential
    ? await oneByOne(work)
    : await Promise.allSettled(work.map((run) => run()));
  turn.throwIfCancelled();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected' && !isCancellation(outcome.reason));
  if (failed?.status === 'rejected') throw failed.reason;
  return withinBounds(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
}

async function oneByOne<T>(work: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
  const outcomes: PromiseSettledResult<T>[] = [];
  for (const run of work) {
    outcomes.push(...(await Promise.allSettled([run()])));
    if (outcomes.at(-1)?.status === 'rejected') break;
  }
  return outcomes;
}

/** The turn will fail, whatever its siblings do: nobody is asked any more, and nothing new is run. */
function doom(turn: Turn, thrown: unknown): never {
  turn.inputs.abandon();
  throw thrown;
}

async function outputOf(
  turn: Turn,
  answer: CarriedAnswer,
  call: RoutedCall,
  index: number,
): Promise<Answered> {
  turn.throwIfCancelled();
  if (call.rejection) return { output: call.rejection.message, failed: true };
  const suffix = turn.mintSuffix();
  const verdict = await askAbout(turn, call, toolStepId(turn.response, index, suffix));
  if (!verdict.run) return verdict;
  turn.answers.begun(call);
  return runCall(turn, answer, call, index, toolSource(turn.response, index, suffix));
}

function answerTo(call: RoutedCall, { output, failed }: Answered): JsonObject {
  if (failed && !canTellErrors(call.tool_type)) {
    const message = `The ${call.tool_type} call did not run, and the API has no way to tell the model so: ${String(output)}`;
    throw fail('UnsupportedCall', { message });
  }
  return outputItem(call, output, failed);
}

/** The step in which a hosted tool was asked for: the last inference step of the response. */
function askingStep({ recorder, response }: Turn): string {
  const step = recorder.progress.steps.findLast(
    ({ step_type, step_id, state }) =>
      step_type === 'inference' && state !== 'superseded' && responseOfStep(step_id) === response,
  );
  return step?.step_id ?? '';
}

/** Calls that cannot run are answered without an activity; the run says their steps itself. */
function rejectCalls(turn: Turn, calls: readonly RoutedCall[]): void {
  const events = calls.flatMap((call, index): readonly BatchEvent[] => {
    if (!call.rejection) return [];
    const step = {
      step_id: toolStepId(turn.response, index, turn.mintSuffix()),
      step_type: 'tool_execution',
      at: now(),
    } as const;
    return [
      { type: 'step_started', ...step },
      { type: 'step_completed', ...step, status: 'failed' },
    ];
  });
  if (events.length > 0) turn.recorder.say(events);
}
