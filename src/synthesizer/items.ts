/** Items of a response's output: opened, settled by their final form, and closed. */
import type { JsonObject } from '../events/index.js';
import { settleArguments, takeHeldArguments } from './arguments.js';
import { argumentsOf, openingArguments } from './call-arguments.js';
import { roleOf, toolTypeOf } from './classify.js';
import { compacted } from './compaction.js';
import { safetyChecks } from './computer.js';
import { addItem, isDone, openItemAt, openItemById, replaceItem, retireItem } from './correlate.js';
import { closeHosted, openHosted } from './hosted.js';
import { settleOutputItem } from './hosted-output.js';
import { openInference } from './inference.js';
import { objectOf, wordOf } from './json-reader.js';
import { agrees, settleMessage, settleReasoning, unnamedReasoning } from './message.js';
import type { Call, Draft, Item } from './state.js';

/** `output_item.added`. */
export function itemAdded(draft: Draft, raw: JsonObject, output_index: number | null): void {
  const id = wordOf(raw['id']);
  const type = wordOf(raw['type']);
  if (type === null) return;
  const known = openItemById(draft, id, type);
  if (known) {
    if (known.implicit) replaceItem(draft, { ...known, implicit: false, phase: wordOf(raw['phase']) });
    return;
  }
  // Said again by a server that does not number its events.
  if (isDone(draft, id, type)) return;
  openItem(draft, raw, output_index);
}

/** `output_item.done`: the final form of an item, also of one that was never added. */
export function itemDone(draft: Draft, raw: JsonObject, output_index: number | null): void {
  const id = wordOf(raw['id']);
  const type = wordOf(raw['type']);
  if (type === null) return;
  const known = openItemById(draft, id, type);
  if (!known && isDone(draft, id, type)) return;
  const item = known ?? itemInPlace(draft, raw, type, output_index) ?? openItem(draft, raw, output_index);
  settleItem(draft, item, raw, true);
}

/** Opens an item and says so where that is an event of its own. */
export function openItem(draft: Draft, raw: JsonObject, output_index: number | null): Item {
  const unnamed = unnamedReasoning(draft.state, raw);
  if (unnamed) {
    const named: Item = { ...unnamed, id: wordOf(raw['id']), output_index, implicit: false };
    replaceItem(draft, named);
    return named;
  }
  const role = roleOf(raw, draft.state);
  const base = {
    type: wordOf(raw['type']) ?? '',
    role,
    id: wordOf(raw['id']),
    output_index,
    implicit: false,
    phase: wordOf(raw['phase']),
  };
  switch (role) {
    case 'message':
      openInference(draft);
      return addItem(draft, { ...base, call: null });
    case 'reasoning':
      // Reasoning that says nothing between two hosted tools opens no step; its first words do.
      if (draft.state.steps === 0) openInference(draft);
      return addItem(draft, { ...base, call: null });
    case 'approval':
      openInference(draft);
      return addItem(draft, { ...base, call: callOf(draft, raw) });
    case 'client_call': {
      const call = callOf(draft, raw);
      issueCall(draft, call);
      return addItem(draft, { ...base, call });
    }
    case 'hosted_call':
      return addItem(draft, { ...base, call: openHosted(draft, callOf(draft, raw)) });
    case 'hosted_output':
      return addItem(draft, { ...base, call: callOf(draft, raw) });
    case 'compaction':
    case 'other':
      return addItem(draft, { ...base, call: null });
    default:
      return role satisfies never;
  }
}

/**
 * Takes the final form of an item, from its `done` or from the output of the terminal event, and closes
 * it. An item that is done already takes what the terminal event adds to it.
 */
export function settleItem(draft: Draft, item: Item, raw: JsonObject, isDoneEvent: boolean): void {
  const phase = wordOf(raw['phase']) ?? item.phase;
  const named: Item = { ...item, id: wordOf(raw['id']) ?? item.id, phase };
  replaceItem(draft, named);
  switch (named.role) {
    case 'message':
      settleMessage(draft, named, raw);
      return retireItem(draft, named);
    case 'reasoning':
      settleReasoning(draft, named, raw);
      return retireItem(draft, named);
    case 'client_call':
      return settleClientCall(draft, named, raw, isDoneEvent);
    case 'hosted_call':
      if (draft.state.open.some((open) => open.ordinal === named.ordinal))
        closeHosted(draft, named, raw, isDoneEvent);
      return;
    case 'approval': {
      const settled: Item = { ...named, call: callOf(draft, raw) };
      replaceItem(draft, settled);
      return retireItem(draft, settled);
    }
    case 'hosted_output':
      return settleOutputItem(draft, named, raw);
    case 'compaction':
      if (draft.state.open.some((open) => open.ordinal === named.ordinal)) compacted(draft, named, raw);
      return retireItem(draft, named);
    case 'other':
      return retireItem(draft, named);
    default:
      return named.role satisfies never;
  }
}

function settleClientCall(draft: Draft, item: Item, raw: JsonObject, isDoneEvent: boolean): void {
  const settled = settleArguments(draft, item, argumentsOf(raw));
  if (!settled.call) return;
  // The last word wins also for the call id: it is the one that the output has to name.
  const call: Call = {
    ...settled.call,
    call_id: wordOf(raw['call_id']) ?? settled.call.call_id,
    tool_name: wordOf(raw['name']) ?? settled.call.tool_name,
    arguments_done: settled.call.arguments_done || isDoneEvent,
    ...whatElse(raw),
  };
  // What was streamed went to an id that no longer counts, so the call is asked for again under the right one.
  if (call.call_id !== settled.call.call_id) issueCall(draft, call);
  const final: Item = { ...settled, call };
  replaceItem(draft, final);
  retireItem(draft, final);
}

function issueCall(draft: Draft, call: Call): void {
  const { step_id } = openInference(draft);
  const { call_id, tool_type, tool_name } = call;
  const delta = {
    type: 'tool_call_issued',
    call_id,
    tool_type,
    tool_name,
    arguments: call.arguments,
  } as const;
  draft.events.push({ type: 'step_progress', step_id, step_type: 'inference', delta });
}

/** The open item that this is the final form of, for servers whose ids rotate, change or are missing. */
function itemInPlace(draft: Draft, raw: JsonObject, type: string, output_index: number | null): Item | null {
  const { open, stable_item_ids } = draft.state;
  const call_id = wordOf(raw['call_id']);
  const sameCall = open.find(
    (item) => item.type === type && item.call !== null && item.call.call_id === call_id,
  );
  if (sameCall) return sameCall;
  const inPlace = openItemAt(draft, output_index, type);
  if (!inPlace || wordOf(raw['id']) === null || !stable_item_ids) return inPlace;
  const hasText = inPlace.role === 'message' || inPlace.role === 'reasoning';
  return hasText && agrees(draft.state, inPlace, raw) ? inPlace : null;
}

function callOf(draft: Draft, raw: JsonObject): Call {
  const id = wordOf(raw['id']);
  const tool_type = toolTypeOf(wordOf(raw['type']) ?? '');
  const held = takeHeldArguments(draft, id);
  const known = openingArguments(raw);
  return {
    call_id: wordOf(raw['call_id']) ?? id ?? `${tool_type}_${String(draft.state.items)}`,
    tool_type,
    tool_name: wordOf(raw['name']) ?? tool_type,
    arguments: known === '' ? (held?.arguments ?? '') : known,
    arguments_done: held?.done ?? false,
    ...(known === '' ? {} : { repeated: 0 }),
    step_id: null,
    ...whatElse(raw),
  };
}

/** What few calls have; absent members keep the state small. */
function whatElse(raw: JsonObject): Partial<Call> {
  const server_label = wordOf(raw['server_label']);
  const namespace = wordOf(raw['namespace']);
  const caller = objectOf(raw['caller']);
  const safety_checks = safetyChecks(raw);
  return {
    ...(raw['status'] === 'incomplete' ? { cut: true } : {}),
    ...(server_label === null ? {} : { server_label }),
    ...(namespace === null ? {} : { namespace }),
    ...(caller === null ? {} : { caller }),
    ...(safety_checks.length === 0 ? {} : { safety_checks }),
  };
}
