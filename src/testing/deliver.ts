/**
 * Brings a response to its client: streamed or whole, at its rate, and broken off where the script says so.
 * 1. A response is committed before its last event is sent, as real servers do: a client that loses only the
 *    last event finds the response stored and its items in the conversation.
 * 2. When the client has gone the model stops: nothing more is made, sent or committed.
 */
import { once } from 'node:events';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../events/json.js';
import { ApiError } from './api-error.js';
import type { BreakStep } from './reply-step.js';
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
  /** Called when the entry has changed. */
  changed(): void;
  /** Stores the finished response. */
  commit(finished: JsonObject): void;
}

/** How many events go out before the event loop gets a chance to notice that the client has gone. */
const BREATH = 32;
const CATCH_UP_MS = 1000;

export async function deliverStream(delivery: Delivery): Promise<void> {
  const { response, breakAfter, gone } = delivery;
  if (breakAfter?.kind === 'cut' && breakAfter.afterEvents === 0) return breakOff(breakAfter, delivery);
  openStream(response);
  try {
    const broken = await writeFrames(delivery);
    if (broken) await breakOff(broken, delivery);
    else response.end();
  } catch (error) {
    // A script may fail while its text is made; the status line has gone out, so the stream has to say it.
    const message = `The script failed: ${error instanceof Error ? error.message : String(error)}`;
    const fault = { type: 'server_error', code: 'script_failed', message, param: null };
    await writeEvent(response, { type: 'error', error: fault }, gone);
    response.end();
  }
}

/** Resolves to the break that ends the stream early, if one does. */
async function writeFrames(delivery: Delivery): Promise<BreakStep | undefined> {
  const { frames, response, entry, gone, breakAfter } = delivery;
  const pace = pacer(delivery);
  entry.status = response.statusCode;
  for (;;) {
    if (breakAfter?.afterEvents === entry.sent_events) return breakAfter;
    const { value: frame, done } = frames.next();
    if (done === true) return undefined;
    if ('broken' in frame) return frame.broken;
    await pace(frame.event, frame.perSecond);
    if (gone.aborted) return undefined;
    if (frame.finished) delivery.commit(frame.finished);
    await writeEvent(response, frame.event, gone);
    entry.sent_events += 1;
    delivery.changed();
    if (entry.sent_events % BREATH === 0) await setImmediate();
  }
}

/** The same stream, drained: resolves to the response; undefined if it broke off or nobody is left to read it. */
export async function deliverWhole(delivery: Delivery): Promise<JsonObject | undefined> {
  const { frames, breakAfter, gone } = delivery;
  const pace = pacer(delivery);
  for (let events = 0; ; events += 1) {
    if (breakAfter?.afterEvents === events) return void (await breakOff(breakAfter, delivery));
    const { value: frame, done } = frames.next();
    if (done === true) throw new ApiError(500, 'The scripted stream ended without a response.');
    if ('broken' in frame) return void (await breakOff(frame.broken, delivery));
    await pace(frame.event, frame.perSecond);
    if (gone.aborted) return undefined;
    if (frame.event.type === 'error') throw errorOf(frame.event);
    if (frame.finished) {
      delivery.commit(frame.finished);
      return objectOf(frame.event['response']);
    }
  }
}

async function breakOff(step: BreakStep, delivery: Delivery): Promise<void> {
  const { frames, response, entry, gone } = delivery;
  if (step.committed === true) {
    for (const frame of frames) if ('finished' in frame && frame.finished) delivery.commit(frame.finished);
  }
  switch (step.kind) {
    case 'stall':
      if (!gone.aborted) await once(gone, 'abort');
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

/** Spaces deltas evenly from the first one on; what late timers lost is made up for. */
function pacer({ perSecond, gone }: Delivery): (event: WireEvent, own?: number) => Promise<void> {
  let due: number | undefined;
  return async (event, own = perSecond) => {
    if (own === undefined || !event.type.endsWith('.delta')) return;
    const now = performance.now();
    due = due === undefined ? now : Math.max(due + 1000 / own, now - CATCH_UP_MS);
    const wait = due - now;
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
