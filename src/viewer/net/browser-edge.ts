/** The world as a browser has it, for the reader of event streams. */
import type { Api } from './api.js';
import type { StreamEdge } from './event-stream.js';

/** @param wake Its event `wake` ends every pause: somebody pressed the button. */
export function browserEdge({ fetch, credentials }: Api, wake: EventTarget): StreamEdge {
  return {
    fetch,
    credentials,
    now: () => Date.now(),
    random: () => Math.random(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const over = new AbortController();
        const end = (): void => {
          clearTimeout(timer);
          over.abort();
          resolve();
        };
        const timer = setTimeout(end, ms);
        const once = { signal: over.signal };
        if (signal.aborted) end();
        signal.addEventListener('abort', end, once);
        wake.addEventListener('wake', end, once);
        window.addEventListener('online', end, once);
        // Timers of a page in the background come late: somebody who looks again should not wait for them.
        document.addEventListener('visibilitychange', () => document.hidden || end(), once);
      }),
  };
}
