/** Short batches and their events, for tests that tell a turn by hand. */
import type { Batch, BatchEvent, BatchInferenceCompleted } from '../../src/events/batch.js';
import type { Delta } from '../../src/events/delta.js';
import type { StepType, TurnEvent } from '../../src/events/turn-event.js';

export const AT = '2026-01-05T12:00:00.000Z';

export function batch(
  source: string,
  n: number,
  events: readonly BatchEvent[],
  more: Partial<Batch> = {},
): Batch {
  return { source, epoch: 1000, attempt: 1, n, events, ...more };
}

export function inferenceStarted(step_id: string, attempt = 1): BatchEvent {
  return { type: 'step_started', step_id, step_type: 'inference', at: AT, metadata: { attempt } };
}

export function searchStarted(step_id: string): BatchEvent {
  const metadata = { server_side: true, tool_type: 'file_search', tool_name: 'file_search', call_id: 'fs_1' };
  return { type: 'step_started', step_id, step_type: 'tool_execution', at: AT, metadata };
}

export function said(step_id: string, delta: Delta | string): BatchEvent {
  const told: Delta = typeof delta === 'string' ? { type: 'text', text: delta } : delta;
  return { type: 'step_progress', step_id, delta: told };
}

export function answered(
  step_id: string,
  more: Partial<BatchInferenceCompleted['result']> = {},
): BatchInferenceCompleted {
  const result = {
    model: 'm',
    function_calls: [],
    server_tool_executions: [],
    stop_reason: 'end_of_turn',
    ...more,
  };
  return { type: 'step_completed', step_id, step_type: 'inference', at: AT, status: 'completed', result };
}

export function toolEnded(step_id: string, status: 'completed' | 'failed' = 'completed'): BatchEvent {
  return { type: 'step_completed', step_id, step_type: 'tool_execution', at: AT, status };
}

export function superseded(step_id: string, step_type: StepType = 'inference'): BatchEvent {
  const reason = { code: 'stream_interrupted', message: 'The stream ended before the response did.' };
  return {
    type: 'step_superseded',
    step_id,
    step_type,
    at: AT,
    was_completed: false,
    may_have_run: false,
    reason,
  };
}

/** Events in short lines: what happened to which step, and what a text delta said. */
export function story(events: readonly TurnEvent[]): string[] {
  return events.map((event) => {
    const step = 'step_id' in event ? ` ${event.step_id}` : '';
    const text = event.type === 'step_progress' && event.delta.type === 'text' ? ` ${event.delta.text}` : '';
    const status = event.type === 'step_completed' ? ` ${event.status}` : '';
    return `${event.type}${step}${text}${status}`;
  });
}
