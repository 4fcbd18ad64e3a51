/**
 * Brings a response to its client: streamed or whole, at its rate, and broken off where the script says so.
 * 1. A response is committed before its last event is sent, as real servers do: a client that loses only the
 *    last event finds the response stored and its items in the conversation.
 * 2. When the client has gone the model stops: nothing more is made, sent or committed.
 */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../events/json.js';
import { ApiError } from './api-error.js';
import type { BreakStep } from './reply.js';
import type { RequestEntry } from './request-log.js';
import type { Frame } from './response-stream.js';
import { openStream, writeEvent } from './sse.js';
import { objectOf, stringOf } from './wire.js';
import type { WireEvent } from './wire.js';

export interface Delivery {
  readonly frames: Generator<Frame>;
  readonly response: ServerResponse;
  readonly entry: RequestEntry;
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal;
  /** A break that counts events from the start of the stream. */
  readonly breakAfter: BreakStep | undefined;
  /** Deltas per second for steps that name no rate of their own. */
  readonly perSecond: number | undefined;
  /** Stores the finished response. */
  commit(finished: JsonObject): void;
}

/** How many events go out before the event loop gets a chance to notice that the client has gone. */
const BREATH = 32;

export async function deliverStream(delivery: Delivery): Promise<void> {
  const { frames, response, entry, gone, breakAfter } = delivery;
  const pace = pacer(delivery);
  if (breakAfter?.kind === 'cut' && breakAfter.afterEvents === 0) return breakOff(breakAfter, delivery);
  openStream(response);
  for (;;) {
    if (breakAfter?.afterEvents === entry.sent_events) return breakOff(breakAfter, delivery);
    const { value: frame, done } = frames.next();
    if (done === true) break;
    if ('broken' in frame) return breakOff(frame.broken, delivery);
    await pace(frame.event, frame.perSecond);
    if (gone.aborted) return;
    if (frame.finished) delivery.commit(frame.finished);
    entry.sent_events += 1;
    await writeEvent(response, frame.event, gone);
    if (entry.sent_events % BREATH === 0) await setImmediate();
  }
  response.end();
}

/** The same stream, drained: resolves to the response; undefined if it broke off or nobody is left to read it. */
export async function deliverWhole(delivery: Delivery): Promise<JsonObject | undefined> {
  const { frames, breakAfter, gone } = delivery;
  const pace = pacer(delivery);
  let events = 0;
  for (const frame of frames) {
    const broken =
      'broken' in frame ? frame.broken : breakAfter?.afterEvents === events ? breakAfter : undefined;
    if (broken !== undefined || 'broken' in frame) {
      if (broken !== undefined) await breakOff(broken, delivery);
      return undefined;
    }
    await pace(frame.event, frame.perSecond);
    if (gone.aborted) return undefined;
    events += 1;
    if (frame.event.type === 'error') throw errorOf(frame.event);
    if (frame.finished) {
      delivery.commit(frame.finished);
      return objectOf(frame.event['response']);
    }
  }
  throw new ApiError(500, 'The scripted stream ended without a response.');
}

async function breakOff(step: BreakStep, delivery: Delivery): Promise<void> {
  const { frames, response, entry, gone } = delivery;
  if (step.committed === true) {
    for (const frame of frames) if ('finished' in frame && frame.finished) delivery.commit(frame.finished);
  }
  switch (step.kind) {
    case 'stall':
      await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }));
      return;
    case 'end':
      response.end();
      return;
    case 'cut':
      // A client drops what it has buffered but not yet read when its connection breaks: let it read first.
      if (entry.sent_events > 0) await sleep(20, undefined, { signal: gone }).catch(() => undefined);
      entry.finished = true;
      response.destroy();
      return;
    default:
      step.kind satisfies never;
  }
}

/** Spaces deltas evenly from the first one on, whatever the timers do. */
function pacer({ perSecond, gone }: Delivery): (event: WireEvent, own?: number) => Promise<void> {
  let due = 0;
  return async (event, own = perSecond) => {
    if (own === undefined || !event.type.endsWith('.delta')) return;
    due = Math.max(due, performance.now() - 1000) + 1000 / own;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait, undefined, { signal: gone }).catch(() => undefined);
  };
}

function errorOf(event: WireEvent): ApiError {
  const error = objectOf(event['error'] ?? event);
  return new ApiError(500, stringOf(error['message']) ?? 'The model failed.', {
    type: stringOf(error['type']) ?? 'server_error',
    code: stringOf(error['code']) ?? null,
  });
}
