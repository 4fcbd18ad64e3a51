/**
 * Results of hosted calls that are items of their own: they complete the step of their call. Where that step
 * is over, or was part of an earlier response, the result opens and closes a step with the same call id.
 */
import type { JsonObject, JsonValue } from '../events/index.js';
import { byteLength } from './byte-limit.js';
import { addItem, replaceItem, retireItem } from './correlate.js';
import { finishHosted, openHosted } from './hosted.js';
import { wordOf } from './json-reader.js';
import { HOSTED_TEXT_BYTES } from './limits.js';
import { safeJson } from './safe-json.js';
import type { Draft, Item } from './state.js';

/** Takes the final form of a `hosted_output` item. */
export function settleOutputItem(draft: Draft, item: Item, raw: JsonObject): void {
  const open = draft.state.open.some((other) => other.ordinal === item.ordinal);
  if (!open || !item.call) return;
  retireItem(draft, item);
  const owner = ownerOf(draft, item, raw);
  if (owner) return finishHosted(draft, owner, raw, true);
  if (wasAnswered(draft, item)) return;
  const { ordinal: _, ...call } = item;
  const own = addItem(draft, {
    ...call,
    id: null,
    role: 'hosted_call',
    call: openHosted(draft, item.call),
  });
  finishHosted(draft, own, raw, true);
}

/** Says what a hosted tool prints while it runs, up to the size of its result. */
export function reportOutput(draft: Draft, item: Item, data: JsonValue): void {
  const owner = item.role === 'hosted_output' ? ownerOf(draft, item, {}) : item;
  if (owner?.role !== 'hosted_call' || !owner.call || owner.call.step_id === null) return;
  const safe = safeJson(data);
  const reported = (owner.call.reported ?? 0) + byteLength(JSON.stringify(safe));
  if (reported > HOSTED_TEXT_BYTES) return;
  replaceItem(draft, { ...owner, call: { ...owner.call, reported } });
  draft.events.push({
    type: 'step_progress',
    step_id: owner.call.step_id,
    step_type: 'tool_execution',
    delta: { type: 'tool_report', data: safe },
  });
}

/** The open call that an output answers: by call id; by what came last where servers leave the id out. */
function ownerOf(draft: Draft, item: Item, raw: JsonObject): Item | null {
  const tool_type = item.call?.tool_type;
  const calls = draft.state.open.filter(
    (other) => other.role === 'hosted_call' && other.call?.tool_type === tool_type,
  );
  const call_id = wordOf(raw['call_id']) ?? item.call?.call_id;
  const named = calls.find((other) => other.call?.call_id === call_id);
  return named ?? (hasNoCallId(item) ? (calls.at(-1) ?? null) : null);
}

/** Its own id stands in for a call id that the server left out. */
const hasNoCallId = ({ call, id }: Item): boolean => call?.call_id === id;

/** The call is ours, or its step has had its result. */
function wasAnswered(draft: Draft, { call }: Item): boolean {
  if (draft.state.executions.some((execution) => execution.call_id === call?.call_id)) return true;
  return [...draft.state.open, ...draft.state.done].some(
    (other) => other.role === 'client_call' && other.call?.call_id === call?.call_id,
  );
}
