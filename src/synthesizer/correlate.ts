/**
 * Which item an event speaks of. By item id; else by the place in the output and the item type that the
 * event implies, unless ids have proven stable; else not at all. Each rule is forced by a server: some
 * rotate ids on every event, some share one output_index among items, some send neither.
 */
import type { JsonObject } from '../events/index.js';
import { numberOf, wordOf } from './json-reader.js';
import type { Draft, Item } from './state.js';

interface Address {
  readonly id: string | null;
  readonly output_index: number | null;
}

export function addressOf(event: JsonObject): Address {
  return { id: wordOf(event['item_id']), output_index: numberOf(event['output_index']) };
}

/** The open item with this id and type; finding one proves that ids are stable. */
export function openItemById(draft: Draft, id: string | null, type: string | null): Item | null {
  if (id === null) return null;
  for (const item of draft.state.open) {
    if (item.id !== id || (type !== null && item.type !== type)) continue;
    draft.state.stable_item_ids = true;
    return item;
  }
  return null;
}

/** The open item of a type at an output index. */
export function openItemAt(draft: Draft, output_index: number | null, type: string): Item | null {
  if (output_index === null) return null;
  return (
    draft.state.open.findLast((item) => item.output_index === output_index && item.type === type) ?? null
  );
}

/** The open item of a type when it is the only one, for events that name neither id nor a known place. */
function onlyOpenItem(draft: Draft, type: string): Item | null {
  const candidates = draft.state.open.filter((item) => item.type === type);
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

export function isDone(draft: Draft, id: string | null, type: string | null): boolean {
  return (
    id !== null && draft.state.done.some((item) => item.id === id && (type === null || item.type === type))
  );
}

/** The open item that a text, refusal, reasoning or annotation event speaks of. */
export function itemOfText(draft: Draft, address: Address, type: string): Item | null {
  const { id, output_index } = address;
  const own = openItemById(draft, id, type);
  if (own) return own;
  if (id === null) return openItemAt(draft, output_index, type) ?? onlyOpenItem(draft, type);
  if (isDone(draft, id, type)) return null;
  // Reasoning can stream under the id of a message that is still to come, so with stable ids it is its own.
  if (type === 'reasoning' && draft.state.stable_item_ids) return null;
  return openItemAt(draft, output_index, type);
}

/**
 * The call that an arguments event speaks of. Stricter than for texts: arguments given to the wrong call
 * would run, so the output index counts only where ids are missing or seem to rotate.
 */
export function callOfArguments(draft: Draft, address: Address, type: string): Item | null {
  const { id, output_index } = address;
  const own = openItemById(draft, id, null);
  if (own) return own.call ? own : null;
  const { stable_item_ids, stable_response_id } = draft.state;
  if (id !== null && (stable_item_ids || stable_response_id)) return null;
  const inPlace = openItemAt(draft, output_index, type);
  return inPlace ?? (id === null ? onlyOpenItem(draft, type) : null);
}

/** Puts a changed item in the place of the one with the same ordinal. */
export function replaceItem(draft: Draft, item: Item): void {
  const { state } = draft;
  const at = state.open.findIndex((other) => other.ordinal === item.ordinal);
  if (at >= 0) {
    state.open = state.open.with(at, item);
    return;
  }
  const doneAt = state.done.findIndex((other) => other.ordinal === item.ordinal);
  if (doneAt >= 0) state.done = state.done.with(doneAt, item);
}

export function addItem(draft: Draft, item: Omit<Item, 'ordinal'>): Item {
  const added: Item = { ordinal: draft.state.items++, ...item };
  draft.state.open = [...draft.state.open, added];
  return added;
}

/** Moves an item to those that are done. */
export function retireItem(draft: Draft, item: Item): void {
  const { state } = draft;
  if (!state.open.some((other) => other.ordinal === item.ordinal)) return;
  state.open = state.open.filter((other) => other.ordinal !== item.ordinal);
  state.done = [...state.done, item];
}
