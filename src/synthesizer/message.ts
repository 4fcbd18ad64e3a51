/** The final texts of message and reasoning items, and which item a reasoning text belongs to. */
import type { JsonObject } from '../events/index.js';
import { joinParts } from './inference.js';
import { objectsOf, textOf } from './json-reader.js';
import { partsOfItem, settleAnnotations, settleText } from './parts.js';
import type { Draft, Item, PartKind, SynthesizerState } from './state.js';

/** A content or summary part's kind and text, wherever the server put it; null for parts without text. */
export function partText(part: JsonObject): { kind: PartKind; text: string } | null {
  switch (part['type']) {
    case 'output_text':
    case 'text':
      return { kind: 'text', text: textOf(part['text']) };
    case 'refusal':
      return { kind: 'refusal', text: textOf(part['refusal']) };
    case 'summary_text':
      return { kind: 'summary', text: textOf(part['text']) };
    case 'reasoning_text':
      return { kind: 'reasoning', text: textOf(part['text']) };
    default:
      return null;
  }
}

export function settleMessage(draft: Draft, item: Item, raw: JsonObject): void {
  settleParts(draft, item, objectsOf(raw['content']));
}

export function settleReasoning(draft: Draft, item: Item, raw: JsonObject): void {
  settleParts(draft, item, objectsOf(raw['summary']));
  settleParts(draft, item, objectsOf(raw['content']));
}

/** All text of a kind in a raw item. */
export function rawText(raw: JsonObject, kind: PartKind): string {
  return [...objectsOf(raw['summary']), ...objectsOf(raw['content'])]
    .map(partText)
    .reduce((text, part) => (part?.kind === kind ? text + part.text : text), '');
}

/** Whether the final text of a message or reasoning item can be what was streamed of it. */
export function agrees(state: SynthesizerState, item: Item, raw: JsonObject): boolean {
  const kinds: readonly PartKind[] = item.role === 'message' ? ['text'] : ['summary', 'reasoning'];
  return kinds.every((kind) => {
    const said = joinParts(partsOfItem(state, item.ordinal), kind);
    const full = rawText(raw, kind);
    return full === '' || full.startsWith(said) || said.startsWith(full);
  });
}

/**
 * Some servers stream reasoning under the id of a message that is not there yet and add the reasoning
 * item afterwards: an unnamed reasoning item whose text this one begins with is the same one.
 */
export function unnamedReasoning(state: SynthesizerState, raw: JsonObject): Item | null {
  if (raw['type'] !== 'reasoning') return null;
  const full = rawText(raw, 'reasoning');
  return (
    state.open.find((item) => {
      if (!item.implicit || item.role !== 'reasoning') return false;
      const said = partsOfItem(state, item.ordinal).reduce((text, part) => text + part.text, '');
      return said !== '' && full.startsWith(said);
    }) ?? null
  );
}

function settleParts(draft: Draft, item: Item, parts: readonly JsonObject[]): void {
  parts.forEach((part, at) => {
    const final = partText(part);
    if (!final) return;
    const key = {
      item: item.ordinal,
      kind: final.kind,
      index: streamedIndex(draft, item, final.kind, at, parts),
    };
    settleText(draft, key, final.text);
    settleAnnotations(draft, key, objectsOf(part['annotations']));
  });
}

/** The index under which a part was streamed: its own, else that of the part nobody else lays claim to. */
function streamedIndex(
  draft: Draft,
  item: Item,
  kind: PartKind,
  at: number,
  parts: readonly JsonObject[],
): number {
  const streamed = partsOfItem(draft.state, item.ordinal).filter((part) => part.kind === kind);
  if (streamed.some((part) => part.index === at)) return at;
  const unclaimed = streamed.find((part) => {
    const claimant = parts[part.index];
    return !claimant || partText(claimant)?.kind !== kind;
  });
  return unclaimed?.index ?? at;
}
