// Where a model's stream can stand when something dies.

import type { SeededRandom } from '../../src/testing/index.js';

/** How many places of each run of deltas. */
const PLACES = 3;

/**
 * How many events have passed: at every change of their type, and at three places of each run of deltas of one type.
 * Never 0: the server would not know of the response.
 */
export function placesOf(types: readonly string[], random: SeededRandom): readonly number[] {
  const places: number[] = [];
  for (let from = 0, to = 1; from < types.length; from = to) {
    if (from > 0) places.push(from);
    for (to = from + 1; to < types.length && types[to] === types[from];) to += 1;
    const run = Array.from({ length: to - from - 1 }, (_, n) => from + 1 + n);
    if (types[from]?.endsWith('.delta')) places.push(...someOf(run, PLACES, random));
  }
  return places;
}

/** So many of them at most, each once, in their order. */
export function someOf<T>(choices: readonly T[], count: number, random: SeededRandom): readonly T[] {
  const left = choices.map((_, index) => index);
  const chosen = Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(random.int(left.length), 1),
  ).flat();
  return choices.filter((_, index) => chosen.includes(index));
}
