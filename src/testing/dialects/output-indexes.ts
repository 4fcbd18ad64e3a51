/** Output indexes that cannot be relied on. */
import type { EventFrame, Frame } from '../frame.js';
import { objectOf } from '../wire.js';
import type { WireEvent } from '../wire.js';

const ADDED = 'response.output_item.added';
const DONE = 'response.output_item.done';

/** Calls side by side are all added and argued first, then all closed; until then they share one index. */
export function* sharedIndexes(frames: Iterable<Frame>): Generator<Frame> {
  let done = 0;
  let closings: EventFrame[] = [];
  const close = function* (): Generator<Frame> {
    const items = closings.filter(({ event }) => event.type === DONE);
    for (const frame of closings) if (!items.includes(frame)) yield withIndex(frame, done);
    for (const frame of items) yield withIndex(frame, done++);
    closings = [];
  };
  for (const frame of frames) {
    if ('event' in frame && closesCall(frame.event)) {
      closings.push(frame);
      continue;
    }
    if (!('event' in frame && goesOn(frame.event))) yield* close();
    if ('event' in frame && frame.event['output_index'] !== undefined) {
      yield withIndex(frame, done);
      if (frame.event.type === DONE) done += 1;
    } else yield frame;
  }
  yield* close();
}

/** Messages and reasoning say 0 when they are added. */
export function* addedAtZero(frames: Iterable<Frame>): Generator<Frame> {
  for (const frame of frames) {
    const misplaced =
      'event' in frame &&
      frame.event.type === ADDED &&
      ['message', 'reasoning'].includes(itemType(frame.event));
    yield misplaced ? withIndex(frame, 0) : frame;
  }
}

function closesCall(event: WireEvent): boolean {
  return (
    event.type === 'response.function_call_arguments.done' ||
    (event.type === DONE && itemType(event) === 'function_call')
  );
}

/** One more call beside those that wait to be closed. */
function goesOn(event: WireEvent): boolean {
  return (
    event.type === 'response.function_call_arguments.delta' ||
    (event.type === ADDED && itemType(event) === 'function_call')
  );
}

function itemType(event: WireEvent): string {
  return String(objectOf(event['item'])['type']);
}

function withIndex(frame: EventFrame, output_index: number): EventFrame {
  return { ...frame, event: { ...frame.event, output_index } };
}
