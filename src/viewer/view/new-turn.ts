/** The form of a new turn as the request that starts it. Pure. */
import type { JsonObject } from '../../events/json.js';
import type { NewTurn } from '../net/wire.js';

export interface NewTurnForm {
  readonly agent: string;
  readonly input: string;
  readonly turnId: string;
  /** JSON text of an object, or nothing. */
  readonly more: string;
}

/** @throws Error, with a sentence for the form, when `more` is no JSON object. */
export function newTurnOf({ agent, input, turnId, more }: NewTurnForm): NewTurn {
  return {
    ...furtherFields(more),
    agent: agent.trim(),
    input,
    ...(turnId.trim() === '' ? {} : { turn_id: turnId.trim() }),
  };
}

function furtherFields(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('The further fields are no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('The further fields must be a JSON object, such as {"limits": {"max_seconds": 60}}.');
  }
  return value as JsonObject;
}
