/** Numbers what is sent, from 0. */
import type { Frame } from '../frame.js';
import { objectOf, stringOf } from '../wire.js';
import type { WireEvent } from '../wire.js';
import type { Dialect } from './dialect.js';

/** Items that the model writes itself. */
const OF_MODEL = new Set(['message', 'reasoning', 'function_call']);

export function* numbered(frames: Iterable<Frame>, how: Dialect['sequenceNumbers']): Generator<Frame> {
  let next = 0;
  /** Hosted items whose first event has taken its gap. */
  const begun = new Set<string>();
  const gapBefore = (event: WireEvent): boolean => {
    const item = objectOf(event['item']);
    const id = stringOf(item['id']) ?? stringOf(event['item_id']);
    if (id === undefined || begun.has(id)) return false;
    begun.add(id);
    const type = stringOf(item['type']);
    // Arguments that speak before their item is added are those of a hosted call.
    return type === undefined || !OF_MODEL.has(type);
  };
  for (const frame of frames) {
    if ('fault' in frame || how === 'none') {
      yield frame;
      continue;
    }
    if (how === 'gaps' && gapBefore(frame.event)) next += 1;
    yield { ...frame, event: { ...frame.event, sequence_number: next++ } };
  }
}
