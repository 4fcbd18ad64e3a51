/** Server-sent events as OpenAI writes them: an `event:` and a `data:` line. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { WireEvent } from './wire.js';

export function openStream(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.flushHeaders();
}

/** Writes an event; waits when the client reads more slowly than we write. */
export async function writeEvent(
  response: ServerResponse,
  event: WireEvent,
  gone: AbortSignal,
): Promise<void> {
  if (response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)) return;
  await once(response, 'drain', { signal: gone }).catch(() => undefined);
}
