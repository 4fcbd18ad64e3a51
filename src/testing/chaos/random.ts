/** Random choices that come again with the same seed. */

/** mulberry32: small, fast, good enough to choose by. Not for secrets. */
export class SeededRandom {
  readonly seed: number;
  #state: number;

  /** Of the seed its lowest 32 bits count. */
  constructor(seed: number) {
    this.seed = seed;
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

  /** true in `probability` (0 to 1) of all cases. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws Error for an empty list. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('There is nothing to pick from.');
    return choices[this.int(choices.length)] as T;
  }

  /** Another source, which one choice of this one decides: what it is asked for changes nothing here. */
  fork(): SeededRandom {
    return new SeededRandom(this.int(2 ** 32));
  }
}
