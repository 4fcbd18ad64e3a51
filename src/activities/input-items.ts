/** A request's input as items. */
import type { JsonObject } from '../events/json.js';
import type { InferInput } from '../protocol/activity.js';

/** Input items are JSON; the types of the openai package are interfaces, which cannot say so. */
export function itemsOf(input: InferInput['input']): readonly JsonObject[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return input as readonly JsonObject[];
}
