/** Texts whose deltas of 15 characters say when they were sent: `t<epoch ms> `. */

export const STAMP_LENGTH = 15;

/**
 * `count` deltas at `perSecond`, the first of them now. These are the times at which they are due: the scripted
 * server sends none before, and what it sends late counts against the figure.
 */
export function stampedText(count: number, perSecond: number): string {
  const start = Date.now();
  return Array.from({ length: count }, (_, i) => stamp(start + Math.floor((i * 1000) / perSecond))).join('');
}

const stamp = (ms: number): string => `t${ms} `;

/** Takes a text as it grows, and gives the times of the stamps that are whole. */
export class StampReader {
  text = '';
  #read = 0;

  take(more: string): number[] {
    this.text += more;
    const times: number[] = [];
    for (; this.#read + STAMP_LENGTH <= this.text.length; this.#read += STAMP_LENGTH) {
      const found = /^t(\d{13}) $/.exec(this.text.slice(this.#read, this.#read + STAMP_LENGTH));
      if (found) times.push(Number(found[1]));
    }
    return times;
  }
}
