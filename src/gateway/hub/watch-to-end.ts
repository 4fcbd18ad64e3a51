/** Watches for those who want the end, and not a stream. */
import type { Told, Watcher } from './watcher.js';

/**
 * Until nothing more comes: the end, a cut, or that the signal is aborted. Closes the watcher.
 * @throws what the reading failed with
 */
export async function watchToEnd(
  watcher: Watcher,
  signal: AbortSignal,
  take: (told: Extract<Told, { kind: 'events' }>) => void = () => {},
): Promise<void> {
  const leave = (): void => watcher.close();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    for (;;) {
      const told = await watcher.next();
      if (told.kind === 'failed') throw told.error;
      if (told.kind !== 'events') return;
      take(told);
    }
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}
