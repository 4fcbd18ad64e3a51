/** The calls of one response, side by side; their outputs in call order, all for one request. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { BatchEvent } from '../events/batch.js';
import { isHandover } from '../events/activity-outcome.js';
import { toolErrorText } from '../events/end-of-step.js';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { RoutedCall } from '../events/routed-call.js';
import { toolSource } from '../events/source.js';
import { responseOfStep, toolStepId } from '../events/step-id.js';
import type { InferResult, ToolInput, ToolResult } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import { sourceEndOf, turnErrorOf } from '../protocol/turn-error.js';
import { askAbout, askForServer } from './ask.js';
import { now } from './recorder.js';
import type { Turn } from './turn.js';

const SUMMARY_LENGTH = 100;

/** Whether the response waits for something from us. */
export function wantsMore({ calls, approvals = [] }: InferResult): boolean {
  return calls.length > 0 || approvals.length > 0;
}

/** Runs and asks for everything that the response waits for; gives the items that answer it. */
export async function answerCalls(turn: Turn, answer: InferResult): Promise<readonly JsonObject[]> {
  const { calls, approvals = [] } = answer;
  turn.toolCalls += calls.length;
  turn.tell(`running ${calls.map((call) => call.tool_name).join(', ')} (response ${turn.response})`);
  rejectCalls(turn, calls);
  const work = [
    ...calls.map((call, index) => async () => outputItem(call, await outputOf(turn, answer, call, index))),
    ...approvals.map((asked) => () => askForServer(turn, asked, askingStep(turn))),
  ];
  // All of them end before the turn goes on: a failing tool does not disturb its siblings.
  const outcomes = answer.sequential
    ? await oneByOne(work)
    : await Promise.allSettled(work.map((run) => run()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  turn.throwIfCancelled();
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

async function oneByOne<T>(work: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
  const outcomes: PromiseSettledResult<T>[] = [];
  for (const run of work) outcomes.push(...(await Promise.allSettled([run()])));
  return outcomes;
}

async function outputOf(
  turn: Turn,
  answer: InferResult,
  call: RoutedCall,
  index: number,
): Promise<JsonValue> {
  if (call.rejection) return call.rejection.message;
  const suffix = turn.mintSuffix();
  const verdict = await askAbout(turn, call, toolStepId(turn.response, index, suffix));
  if (!verdict.run) return verdict.output;
  return runCall(turn, answer, call, index, toolSource(turn.response, index, suffix));
}

/** The step in which a hosted tool was asked for: the last inference step of the response. */
function askingStep({ recorder, response }: Turn): string {
  const step = recorder.progress.steps.findLast(
    ({ step_type, step_id, state }) =>
      step_type === 'inference' && state !== 'superseded' && responseOfStep(step_id) === response,
  );
  return step?.step_id ?? '';
}

/** Runs the tool's activity. What it throws is told to the model, unless it is cancelled or must fail the turn. */
async function runCall(
  turn: Turn,
  answer: InferResult,
  call: RoutedCall,
  index: number,
  source: string,
): Promise<JsonValue> {
  const run = toolActivity(call, source);
  turn.recorder.scheduled(source);
  try {
    const done = await run(toolInput(turn, answer, call, index));
    turn.recorder.settled(source, done);
    // An operator may complete an activity by hand; its result is then the output itself.
    return isHandover(done) ? done.output : done;
  } catch (thrown) {
    turn.recorder.threw(source, thrown, 'tool');
    const { status, error } = sourceEndOf(thrown, 'tool');
    if (status === 'cancelled') throw thrown;
    if (call.fails_turn) {
      const { message, ...facts } = turnErrorOf(thrown, 'tool');
      throw fail('ToolFailed', {
        message: `The tool ${call.tool_name} failed: ${message}`,
        code: facts.code,
      });
    }
    return toolErrorText(error);
  }
}

function toolActivity(call: RoutedCall, activityId: string): (input: ToolInput) => Promise<ToolResult> {
  const activities = proxyActivities<Record<string, (input: ToolInput) => Promise<ToolResult>>>({
    ...optionsOf(call),
    activityId,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `${call.tool_name}(${call.arguments})`.slice(0, SUMMARY_LENGTH),
  });
  const run = activities[call.activity ?? call.tool_name];
  // proxyActivities answers every name; the check is for the type only.
  if (!run) throw new Error(`no proxy for ${call.tool_name}`);
  return run;
}

function toolInput(turn: Turn, answer: InferResult, call: RoutedCall, index: number): ToolInput {
  const { agent, context, publishing } = turn.input;
  return {
    tool: call.tool_name,
    agent,
    call_id: call.call_id,
    arguments: call.arguments,
    // Servers repeat call ids over responses, so the response and the call's place are what names it.
    idempotency_key: [turn.id, answer.response_id ?? turn.response, index].join('/'),
    siblings: answer.calls.length,
    ...(context === undefined ? {} : { context }),
    ...(publishing === undefined ? {} : { publishing }),
  };
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

function outputItem(call: RoutedCall, output: JsonValue): JsonObject {
  const type = call.tool_type === 'custom' ? 'custom_tool_call_output' : 'function_call_output';
  return { type, call_id: call.call_id, output };
}

/** The inference activity wrote these options from a tool's definition, which was checked at its own door. */
function optionsOf(call: RoutedCall): ActivityOptions {
  return call.options ?? {};
}
