/** computer_call: the action, or the batch of actions, as JSON. The safety checks are for who approves them. */
import type { JsonObject } from '../events/index.js';
import { objectOf, objectsOf } from './json-reader.js';

export function computerArguments(item: JsonObject): string | null {
  const action = objectOf(item['action']);
  if (action) return JSON.stringify(action);
  return Array.isArray(item['actions']) ? JSON.stringify({ actions: item['actions'] }) : null;
}

/** What somebody has to acknowledge before the action may be taken. */
export function safetyChecks(item: JsonObject): readonly JsonObject[] {
  return objectsOf(item['pending_safety_checks']);
}
