/** Random choices that come again with the same seed, and properties that are tried over many seeds. */
import { SeededRandom } from '../../src/testing/chaos/random.js';

const WORDS = ['', 'work', ' hard', ' on', '\n', ' what', ' you', ' lové', ' 😀', '"quoted"', ' {}'];

export class Random extends SeededRandom {
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
