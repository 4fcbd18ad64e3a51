/**
 * Texts of content parts and summary parts, as they stream and as the server finally words them.
 */
import type { Delta, JsonObject } from '../events/index.js';
import { openInference, partsOf } from './inference.js';
import type { Draft, OpenInference, Part, PartKind, SynthesizerState } from './state.js';

/** Names one part of one item. */
export interface PartKey {
  /** Ordinal of the item. */
  readonly item: number;
  readonly kind: PartKind;
  readonly index: number;
}

/** Says more text of a part. */
export function appendText(draft: Draft, key: PartKey, text: string): void {
  if (text === '') return;
  say(draft, deltaOf(key.kind, text));
  editPart(draft, key, (part) => withText(part, part.text + text));
}

export function appendAnnotation(draft: Draft, key: PartKey, annotation: JsonObject): void {
  say(draft, { type: 'annotation', annotation });
  editPart(draft, key, (part) => ({ ...part, annotations: [...part.annotations, annotation] }));
}

/**
 * Takes the server's final text of a part: says what was missing when the deltas were its beginning; else
 * lets the step's result carry it, as long as the step that streamed it is open.
 */
export function settleText(draft: Draft, key: PartKey, full: string): void {
  // A server that leaves the text out of the final item does not mean that nothing was said.
  if (full === '') return;
  const before = textIn(draft.state.said, key);
  const open = draft.state.inference ? textIn(partsOf(draft.state.inference), key) : '';
  const streamed = before + open;
  if (streamed === full) return;
  if (full.startsWith(streamed)) appendText(draft, key, full.slice(streamed.length));
  else if (open !== '' && full.startsWith(before)) {
    editPart(draft, key, (part) => withText(part, full.slice(before.length)));
  }
}

/** Takes the final list of annotations: those beyond what was streamed are said now; the step ends with this list. */
export function settleAnnotations(draft: Draft, key: PartKey, full: readonly JsonObject[]): void {
  if (full.length === 0) return;
  const before = annotationsIn(draft.state.said, key);
  const open = draft.state.inference ? annotationsIn(partsOf(draft.state.inference), key) : 0;
  for (const annotation of full.slice(before + open)) appendAnnotation(draft, key, annotation);
  if (open > 0) editPart(draft, key, (part) => ({ ...part, annotations: full.slice(before) }));
}

/** Everything said of an item, over all steps of the response. */
export function partsOfItem(state: SynthesizerState, item: number): readonly Part[] {
  const open = state.inference ? partsOf(state.inference) : [];
  return [...state.said, ...open].filter((part) => part.item === item);
}

function say(draft: Draft, delta: Delta): void {
  const { step_id } = openInference(draft);
  draft.events.push({ type: 'step_progress', step_id, step_type: 'inference', delta });
}

function deltaOf(kind: PartKind, text: string): Delta {
  switch (kind) {
    case 'text':
    case 'refusal':
      return { type: kind, text };
    case 'summary':
      return { type: 'reasoning', kind: 'summary', text };
    case 'reasoning':
      return { type: 'reasoning', kind: 'text', text };
    default:
      return kind satisfies never;
  }
}

/** Written out: this runs for every delta, and a spread takes twice as long. */
function withText({ item, kind, index, annotations }: Part, text: string): Part {
  return { item, kind, index, text, annotations };
}

function editPart(draft: Draft, key: PartKey, edit: (part: Part) => Part): void {
  const inference = openInference(draft);
  const { hot, parts } = inference;
  if (hot && isPart(hot, key)) {
    draft.state.inference = { step_id: inference.step_id, parts, hot: edit(hot) };
    return;
  }
  const at = parts.findIndex((part) => isPart(part, key));
  const known = parts[at];
  draft.state.inference = known
    ? { ...inference, parts: parts.with(at, edit(known)) }
    : heat(inference, edit({ ...key, text: '', annotations: [] }));
}

const heat = (inference: OpenInference, hot: Part): OpenInference => ({
  ...inference,
  parts: partsOf(inference),
  hot,
});

function textIn(parts: readonly Part[], key: PartKey): string {
  return parts.reduce((text, part) => (isPart(part, key) ? text + part.text : text), '');
}

function annotationsIn(parts: readonly Part[], key: PartKey): number {
  return parts.reduce((count, part) => (isPart(part, key) ? count + part.annotations.length : count), 0);
}

function isPart(part: Part, key: PartKey): boolean {
  return part.item === key.item && part.kind === key.kind && part.index === key.index;
}
