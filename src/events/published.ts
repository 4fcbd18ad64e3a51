/**
 * What the attempts of an inference have published, as long as the activity is open. Temporal names an attempt by its
 * number, and an operator's reset of the activity counts anew: the result of an attempt that others have followed
 * may be taken in their place [run]. What it had told is then needed once more.
 */
import type { Batch, Handover } from './batch.js';

export class Published {
  readonly #byEpoch = new Map<number, Batch[]>();

  add(batch: Batch): void {
    const earlier = this.#byEpoch.get(batch.epoch);
    if (earlier) earlier.push(batch);
    else this.#byEpoch.set(batch.epoch, [batch]);
  }

  /** The batches of this attempt and of those that it goes on from, oldest attempt first. */
  of({ epoch, continues }: Omit<Handover, 'batches'>): readonly Batch[] {
    const epochs = [...this.#byEpoch.keys()].filter((other) => other < epoch).toSorted((a, b) => b - a);
    const batches = [this.#byEpoch.get(epoch) ?? []];
    let goesOn = continues;
    for (const before of epochs) {
      if (!goesOn) break;
      const earlier = this.#byEpoch.get(before) ?? [];
      batches.unshift(earlier);
      goesOn = earlier[0]?.continues;
    }
    return batches.flat();
  }
}
