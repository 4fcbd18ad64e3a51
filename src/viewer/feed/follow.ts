/** Brings the events of a turn or session into a feed until they are over. */
import type { SessionEvent } from '../../events/session-event.js';
import { readEvents } from '../net/event-stream.js';
import type { StreamEdge, StreamOptions } from '../net/event-stream.js';
import { ProblemError } from '../net/problem.js';
import type { Feed } from './feed.js';

export async function follow(
  edge: StreamEdge,
  feed: Feed,
  options: Pick<StreamOptions, 'path' | 'signal' | 'isOver'>,
): Promise<void> {
  const onConnection: StreamOptions['onConnection'] = (connection) => feed.connected(connection);
  try {
    for await (const { id, data } of readEvents(edge, {
      ...options,
      onConnection,
      onRestart: () => feed.restart(),
    })) {
      if (isEvent(data)) feed.take(id, data);
    }
  } catch (thrown) {
    // The feed has it as the state of its connection.
    if (!(thrown instanceof ProblemError)) throw thrown;
  }
}

/** The gateway's events are trusted to be whole; types that are not known here are the fold's to ignore. */
function isEvent(data: unknown): data is SessionEvent {
  const { type, turn_id } = Object(data) as { type?: unknown; turn_id?: unknown };
  return typeof type === 'string' && typeof turn_id === 'string';
}
