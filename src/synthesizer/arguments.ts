/**
 * Arguments of calls, ours and hosted ones: what is said in deltas sums up to the final arguments.
 */
import { replaceItem } from './correlate.js';
import { openInference } from './inference.js';
import type { Call, Draft, Item, PendingArguments } from './state.js';

/** Takes a delta. Servers that add a call with its arguments may stream the same arguments again. */
export function streamArguments(draft: Draft, item: Item, delta: string): Item {
  const { call } = item;
  if (call?.repeated === undefined || delta === '') return appendArguments(draft, item, delta);
  const rest = call.arguments.slice(call.repeated);
  if (rest.startsWith(delta)) return edit(draft, item, { ...call, repeated: call.repeated + delta.length });
  const { repeated: _, ...unrepeated } = call;
  const goesOn = edit(draft, item, unrepeated);
  return appendArguments(draft, goesOn, delta.startsWith(rest) ? delta.slice(rest.length) : delta);
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
