/** A response that runs in the background: followed by its stream where the server has one, polled where not. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelRequestOptions } from '../agents/model-client.js';
import type { JsonObject } from '../events/json.js';
import { statusOf } from './http-status.js';
import { isEventStream } from './open-stream.js';
import type { ModelClient } from './model-client.js';

/** Of a stored response no stream can be had: the server knows none, or no longer. */
const NO_STREAM: ReadonlySet<unknown> = new Set([400, 404, 405, 501]);
const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 2000;
/** How long a cancel may take: the turn does not wait for a server that is gone. */
const CANCEL_MS = 3000;

const ENDED: ReadonlySet<unknown> = new Set(['completed', 'failed', 'incomplete', 'cancelled']);

/** The server does not know the response any more. */
export class ResponseGone extends Error {
  override readonly name = 'ResponseGone';
}

export interface StoredResponse {
  readonly client: ModelClient;
  readonly id: string;
  /** What the request asked for beside the output itself. */
  readonly include: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/**
 * Its stream events, from behind `response.created` on; undefined when no stream can be had.
 * @throws what the client throws otherwise.
 */
export async function storedStream(stored: StoredResponse) {
  const { client, id, include, signal } = stored;
  const query = { stream: true, starting_after: 0, ...(include ? { include } : {}) } as const;
  try {
    const request = client.responses.retrieve?.(id, query, { signal, maxRetries: 0 });
    if (!request) return undefined;
    const { data, response } = await request.withResponse();
    if (isEventStream(response)) return data;
    data.controller?.abort();
    return undefined;
  } catch (thrown) {
    if (NO_STREAM.has(statusOf(thrown))) return undefined;
    throw thrown;
  }
}

/**
 * Waits for its end, which is given as a stream event; undefined when the response is gone.
 * @throws what the client throws otherwise.
 */
export async function polledEnd(stored: StoredResponse, heard: () => void): Promise<JsonObject | undefined> {
  const { client, id, include, signal } = stored;
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(LONGEST_POLL_MS, wait * 1.5)) {
    try {
      const query = include ? { include } : {};
      const response = await client.responses.retrieve?.(id, query, { signal, maxRetries: 0 });
      heard();
      const { status, background } = Object(response) as { status?: unknown; background?: unknown };
      // The server took no notice of the wish: what it makes ended with its connection.
      if (background === false && !ENDED.has(status)) return undefined;
      if (ENDED.has(status)) return { type: `response.${String(status)}`, response: asJson(response) };
    } catch (thrown) {
      if (statusOf(thrown) === 404) return undefined;
      throw thrown;
    }
    await sleep(wait, undefined, { signal });
  }
}

/** Ends a response that nobody wants any more. Never throws: that it may go on is all that can be lost. */
export async function cancelStored(client: ModelClient, id: string): Promise<void> {
  const options: ModelRequestOptions = { signal: AbortSignal.timeout(CANCEL_MS), maxRetries: 1 };
  try {
    await client.responses.cancel?.(id, options);
  } catch {
    // It is over, it is gone, or the server is.
  }
}

/** The SDK has parsed it from JSON; its types are of a closed world. */
function asJson(response: unknown): JsonObject {
  return response as JsonObject;
}
