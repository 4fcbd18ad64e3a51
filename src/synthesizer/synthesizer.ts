/**
 * Raw Responses stream events → turn steps. Pure: `(state, event) → {state, events}`.
 *
 * S1 A prefix of the stream and then the rest gives the same events as one pass; the state between is JSON.
 * S2 No event makes it throw; what it does not know is counted.
 * S3 Every step that is started is completed, and the last step of an ended response is an inference step.
 * S4 Nothing changes after the end.
 * S5 Client calls come out of a completed response only.
 */
import type { JsonObject, StepDraft } from '../events/index.js';
import {
  appendArguments,
  heldArguments,
  holdArguments,
  settleArguments,
  streamArguments,
} from './arguments.js';
import { argumentsText } from './call-arguments.js';
import { declaredTools } from './classify.js';
import { addItem, addressOf, callOfArguments, isDone, itemOfText } from './correlate.js';
import { endInterrupted, errorSaid, responseEnded } from './ending.js';
import { reportOutput } from './hosted-output.js';
import { openInference } from './inference.js';
import { itemAdded, itemDone } from './items.js';
import { isObject, numberOf, objectOf, objectsOf, textOf, wordOf } from './json-reader.js';
import { escaped } from './json-text.js';
import { partText } from './message.js';
import { appendAnnotation, appendText, settleText } from './parts.js';
import type { PartKey } from './parts.js';
import { appendCommand, settleCommand } from './shell.js';
import { draftOf } from './state.js';
import type { Draft, Item, PartKind, SynthesizerState } from './state.js';
import { handlingOf } from './upstream.js';
import type { Handling } from './upstream.js';

export interface Advance {
  readonly state: SynthesizerState;
  readonly events: StepDraft[];
}

/** Takes one event of the stream. Never throws, never changes the given state. */
export function advance(state: SynthesizerState, event: unknown): Advance {
  if (state.outcome) return { state, events: [] };
  const draft = draftOf(state);
  const type = isObject(event) ? wordOf(event['type']) : null;
  const handling = type === null ? undefined : handlingOf(type);
  if (!isObject(event) || type === null || !handling) {
    draft.state.unknown_events += 1;
    return draft;
  }
  // An end that was not seen before cannot be a repetition, whatever its number says.
  const mayRepeat = handling.on !== 'end' && handling.on !== 'error';
  if (isRepeated(draft, event, type) && mayRepeat) return { state, events: [] };
  handle(draft, event, handling);
  return draft;
}

/** Takes the end of a stream that had no terminal event. */
export function interrupt(state: SynthesizerState): Advance {
  if (state.outcome) return { state, events: [] };
  const draft = draftOf(state);
  endInterrupted(draft);
  return draft;
}

function handle(draft: Draft, event: JsonObject, handling: Handling): void {
  switch (handling.on) {
    case 'lifecycle':
      takeResponse(draft, event);
      // A server may say again that it is at work, while one of its tools runs.
      if (draft.state.steps === 0) openInference(draft);
      return;
    case 'end':
      takeResponse(draft, event);
      return responseEnded(draft, event, handling.status);
    case 'error':
      return errorSaid(draft, event);
    case 'item_added':
      return itemAdded(draft, objectOf(event['item']) ?? {}, numberOf(event['output_index']));
    case 'item_done':
      return itemDone(draft, objectOf(event['item']) ?? {}, numberOf(event['output_index']));
    case 'text_delta':
      return onPart(draft, event, handling.kind, (key) => appendText(draft, key, textOf(event['delta'])));
    case 'text_done':
      return onPart(draft, event, handling.kind, (key) =>
        settleText(draft, key, textOf(event[handling.kind === 'refusal' ? 'refusal' : 'text'])),
      );
    case 'part_done': {
      const part = partText(objectOf(event['part']) ?? {});
      if (part) onPart(draft, event, part.kind, (key) => settleText(draft, key, part.text));
      return;
    }
    case 'annotation': {
      const annotation = objectOf(event['annotation']);
      if (annotation) onPart(draft, event, 'text', (key) => appendAnnotation(draft, key, annotation));
      return;
    }
    case 'arguments_delta':
      return argumentsDelta(draft, event, handling.itemType);
    case 'arguments_done':
      return argumentsDone(draft, event, handling.itemType);
    case 'command_delta':
      return onCommand(draft, event, (item, index) =>
        appendCommand(draft, item, index, textOf(event['delta'] ?? event['command'])),
      );
    case 'command_done':
      return onCommand(draft, event, (item, index) =>
        settleCommand(draft, item, index, textOf(event['command'])),
      );
    case 'diff_delta': {
      const item = callOfArguments(draft, addressOf(event), 'apply_patch_call');
      // Without the opening of the operation the diff would be no JSON; the final item then tells all of it.
      if (item?.call && item.call.arguments !== '')
        appendArguments(draft, item, escaped(textOf(event['delta'])));
      return;
    }
    case 'output_delta': {
      const item = callOfArguments(draft, addressOf(event), handling.itemType);
      const { command_index, delta } = event;
      const data = isObject(delta) ? { command_index, ...delta } : { output: textOf(delta) };
      if (item) reportOutput(draft, item, data);
      return;
    }
    case 'noted':
      return;
    default:
      return handling satisfies never;
  }
}

/** The newest id counts: servers that rotate ids mean the one of the terminal event. */
function takeResponse(draft: Draft, event: JsonObject): void {
  const response = objectOf(event['response']) ?? {};
  const id = wordOf(response['id']);
  if (id !== null && id === draft.state.response_id) draft.state.stable_response_id = true;
  draft.state.response_id = id ?? draft.state.response_id;
  draft.state.model = wordOf(response['model']) ?? draft.state.model;
  if (draft.state.declared.length === 0) draft.state.declared = declaredTools(objectsOf(response['tools']));
}

/** Runs `act` on the part that a text event names; an item that was not added is opened by its text. */
function onPart(draft: Draft, event: JsonObject, kind: PartKind, act: (key: PartKey) => void): void {
  const address = addressOf(event);
  const type = kind === 'text' || kind === 'refusal' ? 'message' : 'reasoning';
  let item = itemOfText(draft, address, type);
  if (!item) {
    // Its final text stands already.
    if (isDone(draft, address.id, type)) return;
    openInference(draft);
    item = addItem(draft, { ...address, type, role: type, implicit: true, phase: null, call: null });
  }
  const index = numberOf(event[kind === 'summary' ? 'summary_index' : 'content_index']) ?? 0;
  act({ item: item.ordinal, kind, index });
}

function onCommand(draft: Draft, event: JsonObject, act: (item: Item, index: number) => void): void {
  const item = callOfArguments(draft, addressOf(event), 'shell_call');
  if (item) act(item, numberOf(event['command_index']) ?? 0);
}

function argumentsDelta(draft: Draft, event: JsonObject, itemType: string): void {
  const delta = textOf(event['delta']);
  const address = addressOf(event);
  const item = callOfArguments(draft, address, itemType);
  if (item) {
    streamArguments(draft, item, delta);
  } else if (address.id !== null && !isDone(draft, address.id, null)) {
    const held = heldArguments(draft, address.id)?.arguments ?? '';
    holdArguments(draft, { item_id: address.id, arguments: held + delta, done: false });
  }
}

function argumentsDone(draft: Draft, event: JsonObject, itemType: string): void {
  const full = argumentsText(event['arguments'] ?? event['input'] ?? event['code']);
  const address = addressOf(event);
  const item = callOfArguments(draft, address, itemType);
  if (item) {
    settleArguments(draft, item, full);
  } else if (address.id !== null && full !== null && !isDone(draft, address.id, null)) {
    holdArguments(draft, { item_id: address.id, arguments: full, done: true });
  }
}

/**
 * Whether the event was seen before, by its sequence number. Numbers may skip. A server that gives one
 * number to two different events does not count at all, so its numbers say nothing.
 */
function isRepeated(draft: Draft, event: JsonObject, type: string): boolean {
  const { last, last_type, usable } = draft.state.numbering;
  const number = numberOf(event['sequence_number']);
  if (number === null || !usable) return false;
  if (number === last && type !== last_type) {
    draft.state.numbering = { last, last_type, usable: false };
    return false;
  }
  if (last !== null && number <= last) return true;
  draft.state.numbering = { last: number, last_type: type, usable };
  return false;
}
