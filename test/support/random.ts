/** Random choices that come again with the same seed, and properties that are tried over many seeds. */

const WORDS = ['', 'work', ' hard', ' on', '\n', ' what', ' you', ' lové', ' 😀', '"quoted"', ' {}'];

/** mulberry32: small, fast, good enough to choose by. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 (included) to 1 (excluded). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `below` - 1. */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.int(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.int(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  word(): string {
    return this.pick(WORDS);
  }

  times<T>(low: number, high: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.between(low, high) }, (_, index) => make(index));
  }

  /** One order of all items in which each list keeps its own order. */
  interleaved<T>(lists: readonly (readonly T[])[]): T[] {
    const rest = lists.map((list) => [...list]).filter((list) => list.length > 0);
    const merged: T[] = [];
    while (rest.length > 0) {
      const index = this.int(rest.length);
      const list = rest[index] ?? [];
      merged.push(...list.splice(0, 1));
      if (list.length === 0) rest.splice(index, 1);
    }
    return merged;
  }
}

/** Tries a property with `count` seeds; a failure names its seed. To try one seed again: `from` and a count of 1. */
export async function forSeeds(
  count: number,
  property: (random: Random) => void | Promise<void>,
  from = 0,
): Promise<void> {
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      await property(new Random(seed));
    } catch (error) {
      if (error instanceof Error) error.message = `with seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}
