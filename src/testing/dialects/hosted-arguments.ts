/**
 * OGX takes every tool for a function at first: the arguments of a hosted call stream under the id of an item
 * that is only then added.
 */
import { pieces } from '../item-draft.js';
import type { EventFrame, Frame } from '../frame.js';
import { isObject, objectOf, stringOf, stringsOf } from '../wire.js';
import type { Item } from '../wire.js';

const ADDED = 'response.output_item.added';
const DONE = 'response.output_item.done';
const CALLS = new Set(['file_search_call', 'web_search_call', 'mcp_call']);

export function* argumentsFirst(frames: Iterable<Frame>): Generator<Frame> {
  let held: EventFrame[] = [];
  for (const frame of frames) {
    const item = 'event' in frame ? itemOf(frame) : undefined;
    const isCall = item !== undefined && CALLS.has(item.type);
    if (!('event' in frame)) yield frame;
    else if (isCall && frame.event.type === DONE) {
      yield* retold([...held, frame], item);
      held = [];
    } else if (held.length > 0 || (isCall && frame.event.type === ADDED)) held.push(frame);
    else yield frame;
  }
  yield* held;
}

/** The events of one hosted call, known whole. */
function* retold(frames: readonly EventFrame[], item: Item): Generator<Frame> {
  const at = { item_id: item['id'] ?? '', output_index: frames[0]?.event['output_index'] ?? 0 };
  const args = argumentsOf(item);
  for (const delta of pieces(args))
    yield { event: { type: 'response.function_call_arguments.delta', ...at, delta } };
  const done =
    item.type === 'mcp_call' ? 'response.mcp_call.arguments.done' : 'response.function_call_arguments.done';
  yield { event: { type: done, ...at, arguments: args } };
  for (const frame of frames) {
    const { event } = frame;
    if (event.type.startsWith('response.mcp_call_arguments.')) continue;
    if (event.type === ADDED && item.type === 'file_search_call')
      yield { ...frame, event: { ...event, item: { ...objectOf(event['item']), queries: [args] } } };
    else if (event.type === 'response.mcp_call.completed' || event.type === 'response.mcp_call.failed')
      yield { ...frame, event: { type: event.type } };
    else yield frame;
  }
}

function argumentsOf(item: Item): string {
  if (item.type === 'mcp_call') return stringOf(item['arguments']) ?? '{}';
  const [query] = [...stringsOf(item['queries']), stringOf(objectOf(item['action'])['query'])];
  return JSON.stringify({ query: query ?? '' });
}

function itemOf({ event }: EventFrame): Item | undefined {
  const item = event['item'];
  const type = isObject(item) ? stringOf(item['type']) : undefined;
  return isObject(item) && type !== undefined ? { ...item, type } : undefined;
}
