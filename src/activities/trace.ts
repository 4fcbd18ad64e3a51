/** What a tracer is told of a request and of a tool call. */
import { ApplicationFailure } from '@temporalio/activity';
import type { Agent } from '../agents/define-agent.js';
import type { InferInput, ToolInput } from '../protocol/activity.js';
import type { Attempt } from './attempt.js';
import type { ModelClient } from './model-client.js';
import type { Telemetry, TracedRequest } from './telemetry.js';

export function tracedRequest(
  client: ModelClient,
  agent: Agent,
  input: InferInput,
  attempt: Attempt,
  body: { readonly model?: unknown; readonly conversation?: unknown },
): TracedRequest {
  // A client may be anything that has our two resources, so its address is looked for, not asked for.
  const { baseURL } = client as { baseURL?: unknown };
  const { model, conversation } = body;
  return {
    agent: agent.name,
    model: typeof model === 'string' ? model : agent.model,
    response: input.response,
    attempt: attempt.number,
    conversation: typeof conversation === 'string' ? conversation : undefined,
    baseUrl: typeof baseURL === 'string' ? baseURL : undefined,
    settings: { ...body },
  };
}

/** Runs a tool's `execute` in a span. */
export function traceTool<T>(
  telemetry: Telemetry,
  input: ToolInput,
  attempt: Attempt,
  execute: () => Promise<T>,
): Promise<T> {
  const { agent, tool, call_id } = input;
  return telemetry.tool({ agent, tool, callId: call_id, attempt: attempt.number }, async (span) => {
    try {
      return await execute();
    } catch (thrown) {
      span.failed(attempt.stopReason?.kind ?? typeOf(thrown));
      throw thrown;
    }
  });
}

function typeOf(thrown: unknown): string {
  if (thrown instanceof ApplicationFailure && thrown.type) return thrown.type;
  return thrown instanceof Error ? thrown.name : 'Error';
}
