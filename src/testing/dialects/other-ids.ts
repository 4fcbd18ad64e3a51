/** Ids that do not tell which item an event speaks of. */
import type { JsonObject, JsonValue } from '../../events/json.js';
import type { Frame } from '../frame.js';
import { isObject, newId, stringOf } from '../wire.js';
import type { WireEvent } from '../wire.js';

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** `rotating`: in every event; `other_at_end`: the items of the final output alone. */
export function* withOtherIds(frames: Iterable<Frame>, which: 'rotating' | 'other_at_end'): Generator<Frame> {
  for (const frame of frames) {
    if ('fault' in frame) yield frame;
    else if (which === 'rotating') yield { ...frame, event: renamed(frame.event) };
    else if (TERMINAL.has(frame.event.type))
      yield { ...frame, event: { ...frame.event, response: withOutput(frame.event['response']) } };
    else yield frame;
  }
}

function renamed(event: WireEvent): WireEvent {
  return {
    ...event,
    ...('item_id' in event && { item_id: another(event['item_id']) }),
    ...('response_id' in event && { response_id: another(event['response_id']) }),
    ...('item' in event && { item: withId(event['item']) }),
    ...('response' in event && { response: withId(withOutput(event['response'])) }),
  };
}

function withOutput(response: JsonValue | undefined): JsonObject {
  if (!isObject(response)) return {};
  const { output } = response;
  return Array.isArray(output)
    ? { ...response, output: output.map((item: JsonValue) => withId(item)) }
    : response;
}

function withId(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? { ...value, id: another(value['id']) } : {};
}

/** A new id of the same kind. */
function another(id: JsonValue | undefined): string {
  return newId((stringOf(id) ?? 'id').split('_')[0] ?? 'id');
}
