/** What the events of every kind of output item are made with. */
import type { JsonObject } from '../events/json.js';
import type { FromHits } from './reply-step.js';
import type { SearchHit } from './search.js';
import type { Item, WireEvent } from './wire.js';

/** An event without its sequence number. */
export interface Draft {
  readonly event: WireEvent;
  /** Set on deltas of a step that has a rate of its own. */
  readonly perSecond?: number | undefined;
}

export interface ItemContext {
  readonly outputIndex: number;
  /** How the item ends: `incomplete` when the next step cuts the response short. */
  readonly status: 'completed' | 'incomplete';
  /** The last user text, which a file search without queries looks for. */
  readonly prompt: string;
  /** What the file searches of this response have found so far. */
  readonly hits: SearchHit[];
  readonly encryptedReasoning: boolean;
  newCallId(): string;
  search(query: string): readonly SearchHit[];
  /** The item as the request's `include` lets it be seen. */
  visible(item: Item): Item;
}

/** Yields the events of one item and returns the item as it is stored. */
export type ItemEvents = Generator<Draft, Item>;

const DELTA = 15;

export function added(context: ItemContext, item: Item): Draft {
  return { event: { type: 'response.output_item.added', output_index: context.outputIndex, item } };
}

export function* done(context: ItemContext, item: Item): ItemEvents {
  yield {
    event: {
      type: 'response.output_item.done',
      output_index: context.outputIndex,
      item: context.visible(item),
    },
  };
  return item;
}

export function fromHits<T extends string | object>(value: FromHits<T>, hits: readonly SearchHit[]): T {
  return isMade(value) ? value(hits) : value;
}

function isMade<T>(value: FromHits<T>): value is (hits: readonly SearchHit[]) => T {
  return typeof value === 'function';
}

export function jsonText(value: JsonObject | string): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text in deltas of `size` UTF-16 units that never cut a character in two. */
export function pieces(full: string, size: number = DELTA): string[] {
  const found: string[] = [];
  let piece = '';
  for (const character of full) {
    piece += character;
    if (piece.length >= size) {
      found.push(piece);
      piece = '';
    }
  }
  return piece === '' ? found : [...found, piece];
}
