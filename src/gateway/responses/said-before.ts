/**
 * Clients that keep a conversation themselves send back the output of our responses as input. Some of it no model's
 * server takes. Pure.
 */
import type { JsonValue } from '../../events/json.js';

/** As output-items.ts names the reasoning of a step: the model's server never had an item of this id. */
const OUR_REASONING = /^rs_\d{4}_/;

/**
 * Without the reasoning that we showed, which is for people and stands for nothing at the model's server, and without
 * what a lost attempt left behind, which says nothing.
 */
export function withoutWhatOnlyWeKnow(input: JsonValue): JsonValue {
  return Array.isArray(input) ? input.filter((item: JsonValue) => !isOnlyOurs(item)) : input;
}

function isOnlyOurs(item: JsonValue): boolean {
  if (typeof item !== 'object' || item === null || !('type' in item)) return false;
  const { type, id, status, content, encrypted_content } = item;
  if (type === 'reasoning') {
    return typeof id === 'string' && OUR_REASONING.test(id) && typeof encrypted_content !== 'string';
  }
  return type === 'message' && status === 'incomplete' && Array.isArray(content) && content.length === 0;
}
