/**
 * Arguments of calls, ours and hosted ones: what is said in deltas sums up to the final arguments.
 */
import type { JsonObject, JsonValue } from '../events/index.js';
import { replaceItem } from './correlate.js';
import { openInference } from './inference.js';
import type { Call, Draft, Item, PendingArguments } from './state.js';

/** The arguments that an item holds under one name or another; null when it holds none. */
export function argumentsOf(item: JsonObject): string | null {
  for (const value of [item['arguments'], item['input'], item['code']]) {
    const text = argumentsText(value);
    if (text !== null) return text;
  }
  return null;
}

/** Some servers write arguments as an object instead of as JSON text. */
export function argumentsText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Says more arguments of a call. */
export function appendArguments(draft: Draft, item: Item, delta: string): Item {
  if (!item.call || delta === '') return item;
  const call_id = item.call.call_id;
  const progress = { type: 'tool_call_delta', call_id, arguments_delta: delta } as const;
  if (item.role === 'hosted_call') {
    const step_id = item.call.step_id;
    if (step_id === null) return item;
    draft.events.push({ type: 'step_progress', step_id, step_type: 'tool_execution', delta: progress });
  } else {
    const { step_id } = openInference(draft);
    draft.events.push({ type: 'step_progress', step_id, step_type: 'inference', delta: progress });
  }
  return edit(draft, item, { ...item.call, arguments: item.call.arguments + delta });
}

/** Takes the server's final arguments of a call: says what was missing; where deltas were wrong, the last word wins. */
export function settleArguments(draft: Draft, item: Item, full: string | null): Item {
  if (!item.call || full === null) return item;
  const streamed = item.call.arguments;
  const said = full.startsWith(streamed) ? appendArguments(draft, item, full.slice(streamed.length)) : item;
  if (!said.call) return said;
  // A final item that leaves the arguments out does not take back what was streamed, nor calls it whole.
  const final = full === '' ? streamed : full;
  const arguments_done = said.call.arguments_done || full === final;
  if (said.call.arguments === final && said.call.arguments_done === arguments_done) return said;
  return edit(draft, said, { ...said.call, arguments: final, arguments_done });
}

/** Keeps arguments of an item that was not added yet. */
export function holdArguments(draft: Draft, held: PendingArguments): void {
  const others = draft.state.pending.filter((other) => other.item_id !== held.item_id);
  draft.state.pending = [...others, held];
}

export function heldArguments(draft: Draft, id: string | null): PendingArguments | null {
  return draft.state.pending.find((held) => held.item_id === id) ?? null;
}

/** Hands over the arguments that came before their item did. */
export function takeHeldArguments(draft: Draft, id: string | null): PendingArguments | null {
  const held = heldArguments(draft, id);
  if (held) draft.state.pending = draft.state.pending.filter((other) => other !== held);
  return held;
}

function edit(draft: Draft, item: Item, call: Call): Item {
  const edited = { ...item, call };
  replaceItem(draft, edited);
  return edited;
}
