/** Does something at a certain moment of a turn. */
import type { Killable } from './killable.js';

/**
 * Runs `action` at the n-th event (from 1) of that type, or that the predicate takes, and resolves with the event
 * when the action is done; undefined when the events end before. It stops reading there, so give it a reader of its
 * own: `turn.events()`.
 */
export async function atEvent<E extends { readonly type: string }>(
  events: AsyncIterable<E>,
  wanted: E['type'] | ((event: E) => boolean),
  n: number,
  action: (event: E) => unknown,
): Promise<E | undefined> {
  const accepts = typeof wanted === 'function' ? wanted : (event: E) => event.type === wanted;
  let seen = 0;
  for await (const event of events) {
    if (accepts(event)) seen += 1;
    if (seen < n || !accepts(event)) continue;
    await action(event);
    return event;
  }
  return undefined;
}

/** Kills (SIGKILL) a worker or a server at the n-th event of that type; see `atEvent`. */
export function killAt<E extends { readonly type: string }>(
  events: AsyncIterable<E>,
  wanted: E['type'] | ((event: E) => boolean),
  n: number,
  victim: Pick<Killable, 'kill'>,
): Promise<E | undefined> {
  return atEvent(events, wanted, n, () => victim.kill());
}
