/** Waits for Ctrl-C or SIGTERM. A second one then ends the process at once, however far the clean-up is. */
import type { Console } from './console.js';

export function untilInterrupted({ onInterrupt }: Console): Promise<void> {
  return new Promise((resolve) => {
    const done = onInterrupt(() => {
      done();
      resolve();
    });
  });
}
