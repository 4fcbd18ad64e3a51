/**
 * Brings a response to its client: streamed or whole, with the faults that the script wants on the way.
 * 1. A response is committed before its last event is sent, as real servers do: a client that loses only the
 *    last event finds the response stored and its items in the conversation.
 * 2. When the client of a response that does not run in the background has gone, the model stops: nothing more
 *    is made, sent or committed.
 */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../events/json.js';
import { ApiError } from './api-error.js';
import { EventStream } from './event-stream.js';
import type { Framing } from './event-stream.js';
import type { BreakStep, FaultStep } from './fault-step.js';
import type { Frame } from './frame.js';
import { wait } from './pace.js';
import type { RequestEntry } from './request-log.js';
import { objectOf, stringOf } from './wire.js';
import type { WireEvent } from './wire.js';

export interface Delivery {
  readonly frames: AsyncGenerator<Frame, void, undefined>;
  /** Those that count events; the others stand among the frames. */
  readonly faults: readonly FaultStep[];
  readonly framing: Framing;
  readonly response: ServerResponse;
  readonly entry: RequestEntry;
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal;
  /** Called when the entry has changed. */
  changed(): void;
  /** Stores the finished response. */
  commit(finished: JsonObject): void;
  /** Makes the rest of the response without sending it. */
  commitRest(): void;
}

/** How many events go out before the event loop gets a chance to notice that the client has gone. */
const BREATH = 32;

export async function deliverStream(delivery: Delivery): Promise<void> {
  const { response, framing, gone } = delivery;
  const early = await beforeHeaders(delivery);
  if (early) return breakOff(early, delivery);
  const stream = new EventStream(response, framing, gone);
  stream.open();
  try {
    const broken = await writeFrames(stream, delivery);
    if (broken) await breakOff(broken, delivery);
    else await stream.end(true);
  } catch (error) {
    // A script may fail while its text is made; the status line has gone out, so the stream has to say it.
    await stream.send({ type: 'error', error: { ...scriptError(error), param: null } });
    await stream.end(false);
  }
}

/** The same stream, drained: resolves to the response; undefined if it broke off or nobody is left to read it. */
export async function deliverWhole(delivery: Delivery): Promise<JsonObject | undefined> {
  const { frames, faults, gone } = delivery;
  const early = await beforeHeaders(delivery);
  if (early) return void (await breakOff(early, delivery));
  const counted = faults.toSorted((a, b) => (a.afterEvents ?? 0) - (b.afterEvents ?? 0));
  for (let events = 0; ;) {
    const next = counted[0]?.afterEvents === events ? counted.shift() : undefined;
    const frame = next ? { fault: next } : (await frames.next()).value;
    if (gone.aborted) return undefined;
    if (!frame) throw new ApiError(500, 'The scripted stream ended without a response.');
    if ('fault' in frame) {
      const { fault } = frame;
      if (fault.kind === 'malformed') return void garble(fault.data, delivery);
      if (isBreak(fault)) return void (await breakOff(fault, delivery));
      if (next && fault.kind === 'delay' && events > 0) await wait(fault.ms, gone);
      continue;
    }
    events += 1;
    if (frame.event.type === 'error') throw errorOf(frame.event);
    if (frame.finished) {
      delivery.commit(frame.finished);
      return objectOf(frame.event['response']);
    }
  }
}

/** An answer that is at hand, as when a background response has begun. */
export async function deliverJson(json: JsonObject, delivery: Delivery): Promise<JsonObject | undefined> {
  const early = await beforeHeaders(delivery);
  if (!early) return json;
  await breakOff(early, delivery);
  return undefined;
}

export function scriptError(error: unknown): { type: string; code: string; message: string } {
  const message = `The script failed: ${error instanceof Error ? error.message : String(error)}`;
  return { type: 'server_error', code: 'script_failed', message };
}

/** Resolves to the break that ends the answer before its first byte, if one does. */
async function beforeHeaders({ faults, gone }: Delivery): Promise<BreakStep | undefined> {
  for (const fault of faults.filter(({ afterEvents }) => afterEvents === 0)) {
    if (fault.kind === 'delay') await wait(fault.ms, gone);
    if (fault.kind === 'cut' || fault.kind === 'reset') return fault;
  }
  return undefined;
}

/** Resolves to the break that ends the stream early, if one does. */
async function writeFrames(stream: EventStream, delivery: Delivery): Promise<BreakStep | undefined> {
  const { frames, faults, response, entry, gone } = delivery;
  entry.status = response.statusCode;
  const happen = async (happening: readonly FaultStep[]): Promise<BreakStep | undefined> => {
    for (const fault of happening) {
      if (isBreak(fault)) return fault;
      if (fault.kind === 'malformed') await stream.sendMalformed(fault.data);
      else if (fault.kind === 'split_bytes') stream.splitInto(fault.bytes);
      // Delays before the headers are over, and those among the frames are kept by who makes these.
      else if (fault.afterEvents !== undefined && fault.afterEvents > 0) await wait(fault.ms, gone);
    }
    return undefined;
  };
  const countedAt = (events: number): FaultStep[] =>
    faults.filter(({ afterEvents }) => afterEvents === events);

  let broken = await happen(countedAt(0));
  while (!broken) {
    const { value: frame } = await frames.next();
    if (!frame || gone.aborted) return undefined;
    if ('fault' in frame) broken = await happen([frame.fault]);
    else {
      if (frame.finished) delivery.commit(frame.finished);
      await stream.send(frame.event);
      entry.sent_events += 1;
      delivery.changed();
      broken = await happen(countedAt(entry.sent_events));
      if (entry.sent_events % BREATH === 0) await setImmediate();
    }
  }
  return broken;
}

async function breakOff(step: BreakStep, delivery: Delivery): Promise<void> {
  const { response, entry, gone } = delivery;
  if (step.committed === true) delivery.commitRest();
  switch (step.kind) {
    case 'stall':
      if (!gone.aborted) await once(gone, 'abort');
      return;
    case 'end':
      response.end();
      return;
    case 'cut':
    case 'reset':
      // A client drops what it has buffered but not yet read when its connection breaks: let it read first.
      if (entry.sent_events > 0) await wait(20, gone);
      entry.finished = true;
      if (step.kind === 'reset') response.socket?.resetAndDestroy();
      response.destroy();
      return;
    default:
      step.kind satisfies never;
  }
}

function isBreak(step: FaultStep): step is BreakStep {
  return step.kind === 'cut' || step.kind === 'reset' || step.kind === 'end' || step.kind === 'stall';
}

function garble(data: string, { response }: Delivery): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(data);
}

function errorOf(event: WireEvent): ApiError {
  const error = objectOf(event['error'] ?? event);
  return new ApiError(500, stringOf(error['message']) ?? 'The model failed.', {
    type: stringOf(error['type']) ?? 'server_error',
    code: stringOf(error['code']) ?? null,
  });
}
