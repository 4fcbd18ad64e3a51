/**
 * Whether an event of a published batch has what the fold relies on. Anybody who may signal a workflow can send
 * one, and so may a worker of another version: what is broken is dropped, and blocks neither turn nor reader.
 */
import type { BatchEvent } from './batch.js';

export function isWhole(event: BatchEvent): boolean {
  const { type, step_id, at, delta, result, metadata, reason, step_type } = event as Readonly<
    Record<string, unknown>
  >;
  if (typeof step_id !== 'string') return false;
  switch (type) {
    case 'step_progress':
      return isObject(delta) && typeof delta['type'] === 'string';
    case 'step_started':
      return typeof at === 'string' && (step_type === 'tool_execution' || isObject(metadata));
    case 'step_completed':
      return typeof at === 'string' && (step_type === 'tool_execution' || isObject(result));
    case 'step_superseded':
      return typeof at === 'string' && isObject(reason);
    default:
      // Questions and their outcomes are the workflow's to say.
      return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
