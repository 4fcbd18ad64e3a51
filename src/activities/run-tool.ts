/** The activity of a tool: runs `execute` once, tells how it goes, and says clearly why it failed. */
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { Tool, ToolContext } from '../agents/tool.js';
import type { TurnError } from '../events/turn-event.js';
import type { BatchEvent } from '../events/batch.js';
import { parseSource } from '../events/source.js';
import type { ToolInput, ToolResult } from '../protocol/activity.js';
import { fail, failureOf, shortened, turnError } from '../protocol/failures.js';
import { turnErrorOf } from '../protocol/turn-error.js';
import type { ActivityDeps } from './activity-deps.js';
import { Attempt } from './attempt.js';
import { toolOutput } from './tool-output.js';
import { nextTryIn } from './tool-retry.js';
import { traceTool } from './trace.js';
import { publishingOf } from './turn-agent.js';

/** How long an `execute` may ignore its signal. */
const GIVE_UP_MS = 5000;
const REPORT_BYTES = 16 * 1024;
/** Temporal keeps at most 2 MB of a result. */
const RESULT_BYTES = 1.9 * 1024 * 1024;

/** A tool that we run. */
export type RunnableTool = Tool & { readonly execute: NonNullable<Tool['execute']> };

export function createToolActivity(
  deps: ActivityDeps,
  tool: RunnableTool,
): (input: ToolInput) => Promise<ToolResult> {
  return async (input) => {
    const attempt = new Attempt({
      publishing: publishingOf(deps.registry.agents.get(input.agent), input.publishing),
      siblings: input.siblings,
      continues: true,
      // A tool is not cut off when the worker begins to stop: it has the worker's shutdownGraceTime to finish.
      stopping: new AbortController().signal,
      telemetry: deps.telemetry,
    });
    try {
      return await runOnce(deps, tool, input, attempt);
    } finally {
      attempt.close();
    }
  };
}

async function runOnce(
  deps: ActivityDeps,
  tool: RunnableTool,
  input: ToolInput,
  attempt: Attempt,
): Promise<ToolResult> {
  const step_id = stepIdOf(attempt);
  // Where Temporal does not say it, nothing is told before the result: no reason to run the tool again.
  if (attempt.isEarly) await attempt.takePlace().catch(() => undefined);
  const tell = (delta: Extract<BatchEvent, { type: 'step_progress' }>['delta']): void =>
    attempt.tell({ type: 'step_progress', step_id, delta });
  tell({ type: 'attempt_started', attempt: attempt.number, worker: deps.identity() });
  try {
    const args = await tool.parse(input.arguments);
    if ('problem' in args)
      throw fail('ToolArgumentsInvalid', {
        message: `This worker refuses the arguments of ${tool.name}: ${args.problem}`,
      });
    const context = toolContext(input, attempt, (data) => {
      checkReport(tool, data);
      tell({ type: 'tool_report', data });
    });
    const returned = await traceTool(deps.telemetry, input, attempt, () =>
      untilStopped(Promise.resolve(tool.execute(args.value, context)), attempt.signal),
    );
    const output = toolOutput(tool, returned);
    attempt.tell({
      type: 'step_completed',
      step_id,
      step_type: 'tool_execution',
      at: new Date().toISOString(),
      status: 'completed',
    });
    const result = { output, ...(await attempt.publisher.handOver()) };
    checkResult(tool, result);
    return result;
  } catch (thrown) {
    throw await explain(thrown, attempt, tell);
  }
}

/** Says what went wrong before it is thrown: a failure carries no batches. */
async function explain(
  thrown: unknown,
  attempt: Attempt,
  tell: (delta: { type: 'attempt_failed'; attempt: number; error: TurnError; retry_at?: string }) => void,
): Promise<Error> {
  const { publisher, number, stopReason } = attempt;
  if (stopReason && stopReason.kind !== 'hand_over') {
    await publisher.flush();
    return new CancelledFailure('The tool was cancelled');
  }
  const failure = stopReason ? handOver(number) : failureFrom(thrown, number);
  const error = turnErrorOf(failure, 'tool');
  const wait = nextTryIn(failure, Context.current().info);
  const retryAt = wait === undefined ? {} : { retry_at: new Date(Date.now() + wait).toISOString() };
  tell({ type: 'attempt_failed', attempt: number, error, ...retryAt });
  await publisher.flush();
  return failure;
}

/** A report is news, not a result: one that does not fit into a signal would fail the tool after its work. */
function checkReport({ name }: Tool, data: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(data) ?? '');
  if (bytes > REPORT_BYTES) {
    throw new RangeError(`ctx.report of ${name}: ${bytes} bytes of JSON are more than ${REPORT_BYTES}`);
  }
}

/** Temporal would take a result that is too large for a failure, and run the tool again. */
function checkResult({ name }: Tool, result: ToolResult): void {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes <= RESULT_BYTES) return;
  const message = `The tool ${name} returned ${bytes} bytes of JSON with its reports, more than Temporal takes (${RESULT_BYTES}), whatever its maxOutputBytes`;
  throw fail('ToolOutputInvalid', { message });
}

function handOver(attempt: number): ApplicationFailure {
  const error = turnError('HandOver', { message: 'The worker is shutting down', attempt });
  return failureOf('HandOver', error, { nextRetryDelay: 50 });
}

/** The message of what was thrown, and nothing of our internals. Temporal's own failures keep their verdict. */
function failureFrom(thrown: unknown, attempt: number): ApplicationFailure {
  const message = shortened(thrown instanceof Error ? thrown.message : String(thrown));
  const given = thrown instanceof ApplicationFailure ? thrown : undefined;
  if (given && isOurs(given)) return given;
  const type = given?.type ?? (thrown instanceof Error ? thrown.name : 'Error');
  const nonRetryable = given?.nonRetryable ?? false;
  const error: TurnError = { code: type, message, source: 'tool', retryable: !nonRetryable, attempt };
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable,
    details: [error],
    ...(given?.nextRetryDelay === undefined || given.nextRetryDelay === null
      ? {}
      : { nextRetryDelay: given.nextRetryDelay }),
  });
}

function isOurs({ details, type }: ApplicationFailure): boolean {
  return (type === 'ToolOutputInvalid' || type === 'ToolArgumentsInvalid') && details?.length === 1;
}

function toolContext(input: ToolInput, attempt: Attempt, report: ToolContext['report']): ToolContext {
  const { info, log } = attempt.context;
  return {
    turnId: info.workflowExecution?.workflowId ?? '',
    callId: input.call_id,
    attempt: attempt.number,
    idempotencyKey: input.idempotency_key,
    context: input.context,
    signal: attempt.signal,
    report,
    log,
  };
}

/** The work, or a rejection 5 seconds after the stop for an `execute` that ignores its signal. */
async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(new CancelledFailure('The tool ignored its signal')), GIVE_UP_MS);
    };
    // The stop may have come while the arguments were checked.
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
    // Whatever a given-up `execute` throws later is nobody's business any more.
    work.catch(() => undefined);
  }
}

function stepIdOf({ context }: Attempt): string {
  const source = parseSource(context.info.activityId);
  if (source?.kind !== 'tool')
    throw fail('ToolArgumentsInvalid', { message: 'A tool activity is scheduled by agentTurn only' });
  return source.stepId;
}
