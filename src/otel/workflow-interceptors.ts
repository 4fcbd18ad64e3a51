/**
 * Runs in the workflow sandbox: makes the span of a turn's workflow, which Temporal's OpenTelemetryPlugin
 * opened, the turn's `invoke_agent` span. Without that plugin no span is active, and nothing happens.
 */
import { trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { workflowInfo } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { AGENT_TURN } from '../protocol/names.js';
import { startedBy } from '../protocol/turn-start.js';
import type { TurnResult } from '../protocol/turn.js';
import { AGENT, CONVERSATION, OPENAI, OPERATION, PROVIDER, usageAttributes } from './attributes.js';

/** Temporal's name for the factory of a workflow's interceptors. */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      async execute(input, next) {
        const span = workflowInfo().workflowType === AGENT_TURN ? trace.getActiveSpan() : undefined;
        if (!span) return next(input);
        begin(span, input.args[0]);
        const result = await next(input);
        span.setAttributes(endAttributes(result as TurnResult));
        return result;
      },
    },
  ],
});

function begin(span: Span, input: unknown): void {
  const { agent, session_id } = startedBy(input);
  span.updateName(`invoke_agent ${agent}`).setAttributes({
    [OPERATION]: 'invoke_agent',
    [PROVIDER]: OPENAI,
    [AGENT]: agent,
    'durable_turns.turn_id': workflowInfo().workflowId,
    ...(session_id === undefined ? {} : { [CONVERSATION]: session_id }),
  });
}

function endAttributes({ status, stop_reason, num_steps, response_ids, usage }: TurnResult): Attributes {
  return {
    'gen_ai.response.finish_reasons': [stop_reason],
    'durable_turns.status': status,
    'durable_turns.steps': num_steps,
    'durable_turns.responses': response_ids.length,
    ...usageAttributes(usage),
  };
}
