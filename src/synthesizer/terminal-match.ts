/**
 * Which item of the terminal event's output is which item of the stream. Ids come first; servers that
 * rotate ids or name other ones at the end are matched by call id, by place, and by their number.
 */
import type { JsonObject } from '../events/index.js';
import { wordOf } from './json-reader.js';
import { agrees } from './message.js';
import type { Item, SynthesizerState } from './state.js';

/** For each item of the output the item of the stream that it settles; null for one that was not streamed. */
export function matchOutput(
  state: SynthesizerState,
  output: readonly JsonObject[],
): readonly (Item | null)[] {
  const left = new Set<Item>([...state.done, ...state.open]);
  const matches: (Item | null)[] = output.map(() => null);
  const rules: readonly Rule[] = [sameId, sameCallId, samePlace];
  for (const rule of rules) {
    output.forEach((raw, at) => {
      if (matches[at] !== null) return;
      const match = [...left].find((item) => item.type === raw['type'] && rule(item, raw, at, state));
      if (!match) return;
      matches[at] = match;
      left.delete(match);
    });
  }
  return pairTheRest(state, output, matches, [...left]);
}

type Rule = (item: Item, raw: JsonObject, at: number, state: SynthesizerState) => boolean;

const sameId: Rule = (item, raw) => item.id !== null && item.id === wordOf(raw['id']);

const sameCallId: Rule = (item, raw) =>
  item.role === 'client_call' && item.call?.call_id === wordOf(raw['call_id']);

const samePlace: Rule = (item, raw, at, state) => item.output_index === at && isConsistent(state, item, raw);

/** With stable ids, a message of another id is the same one only if the texts agree: servers drop messages. */
const isConsistent = (state: SynthesizerState, item: Item, raw: JsonObject): boolean =>
  item.role !== 'message' || !state.stable_item_ids || agrees(state, item, raw);

/** Where as many items of a type are left here as there, they are the same in the same order. */
function pairTheRest(
  state: SynthesizerState,
  output: readonly JsonObject[],
  matches: readonly (Item | null)[],
  left: readonly Item[],
): readonly (Item | null)[] {
  const paired = [...matches];
  for (const type of new Set(left.map((item) => item.type))) {
    const items = left.filter((item) => item.type === type).toSorted((a, b) => a.ordinal - b.ordinal);
    const places = [...output.keys()].filter((at) => matches[at] === null && output[at]?.['type'] === type);
    if (items.length !== places.length) continue;
    items.forEach((item, nth) => {
      const at = places[nth] ?? 0;
      if (isConsistent(state, item, output[at] ?? {})) paired[at] = item;
    });
  }
  return paired;
}
