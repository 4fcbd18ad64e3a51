/**
 * The newest events of one turn as they go over the wire, up to a number of bytes. Each has an offset, counted
 * from the turn's first event, that stays when older ones go. Pure.
 */

/** An event: its cursor, and its bytes on the wire. All watchers share the bytes. */
export interface Entry {
  readonly id: string;
  readonly frame: Uint8Array;
}

/** Some events in a row. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly events: number;
  /** Cursor of its last event. */
  readonly cursor: string;
  /** Offset behind its last event. */
  readonly next: number;
}

/** What is written at once: enough to be cheap, little enough for a slow client to take. */
export const CHUNK_BYTES = 64 * 1024;
/** Watchers that keep up stand at one place, or at few. */
const KEPT_CHUNKS = 8;

interface Placed extends Entry {
  /** Bytes of all events before it, those that are gone too. */
  readonly at: number;
}

export class Window {
  #entries: Placed[] = [];
  #first = 0;
  #total = 0;
  readonly #offsets = new Map<string, number>();
  readonly #chunks = new Map<number, Chunk>();

  /** Offset of the oldest event that is kept. */
  get first(): number {
    return this.#first;
  }

  /** Offset of the event that comes next. */
  get next(): number {
    return this.#first + this.#entries.length;
  }

  get bytes(): number {
    return this.bytesFrom(this.#first);
  }

  append(entry: Entry): void {
    this.#offsets.set(entry.id, this.next);
    this.#entries.push({ ...entry, at: this.#total });
    this.#total += entry.frame.byteLength;
    this.#chunks.clear();
  }

  /** Drops the oldest events until at most so many bytes are left, but none from the offset `keep` on. */
  trim(bytes: number, keep: number): void {
    let gone = 0;
    const droppable = Math.min(this.#entries.length - 1, keep - this.#first);
    for (; gone < droppable && this.bytesFrom(this.#first + gone) > bytes; gone++) {
      this.#offsets.delete(this.#entries[gone]?.id ?? '');
    }
    if (gone === 0) return;
    this.#entries.splice(0, gone);
    this.#first += gone;
  }

  offsetOf(id: string): number | undefined {
    return this.#offsets.get(id);
  }

  bytesFrom(offset: number): number {
    return this.#total - (this.#entries[offset - this.#first]?.at ?? this.#total);
  }

  /** The events from an offset on, as many as are written at once; undefined when none is there. */
  chunk(offset: number): Chunk | undefined {
    const known = this.#chunks.get(offset);
    if (known) return known;
    if (offset < this.#first || offset >= this.next) return undefined;
    const from = offset - this.#first;
    let to = from + 1;
    const start = this.#entries[from]?.at ?? 0;
    while (to < this.#entries.length && this.#endOf(to) - start <= CHUNK_BYTES) to++;
    const chunk = { ...joined(this.#entries.slice(from, to)), next: this.#first + to };
    if (this.#chunks.size >= KEPT_CHUNKS) this.#chunks.clear();
    this.#chunks.set(offset, chunk);
    return chunk;
  }

  #endOf(index: number): number {
    const entry = this.#entries[index];
    return entry ? entry.at + entry.frame.byteLength : this.#total;
  }
}

/** Entries in a row as one piece; there is at least one. */
export function joined(entries: readonly Entry[]): Omit<Chunk, 'next'> {
  const last = entries.at(-1);
  if (!last) throw new RangeError('a chunk holds at least one event');
  const bytes = entries.length === 1 ? last.frame : Buffer.concat(entries.map(({ frame }) => frame));
  return { bytes, events: entries.length, cursor: last.id };
}
