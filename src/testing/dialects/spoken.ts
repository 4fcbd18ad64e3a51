/** Which events a dialect leaves out, and what it writes into single events. */
import type { EventFrame, Frame } from '../frame.js';
import { isObject, objectOf, stringOf } from '../wire.js';
import type { WireEvent } from '../wire.js';
import type { Dialect } from './dialect.js';

/** Events that name the response where `responseIds` says so; deltas do not. */
const NAMES_RESPONSE = /^response\.(?:output_item|content_part)\.(?:added|done)$/;

export function* spoken(frames: Iterable<Frame>, dialect: Dialect): Generator<Frame> {
  let response_id = '';
  for (const frame of frames) {
    if ('fault' in frame) {
      yield frame;
      continue;
    }
    response_id = stringOf(objectOf(frame.event['response'])['id']) ?? response_id;
    if (isSent(frame.event, dialect)) yield worded(frame, dialect, response_id);
  }
}

function isSent({ type }: WireEvent, dialect: Dialect): boolean {
  switch (type) {
    case 'response.output_text.done':
      return dialect.textDone;
    case 'response.output_text.annotation.added':
      return dialect.annotationEvents;
    case 'response.function_call_arguments.delta':
      return dialect.argumentDeltas;
    default:
      return true;
  }
}

function worded(frame: EventFrame, dialect: Dialect, response_id: string): EventFrame {
  const { event } = frame;
  if (event.type === 'error' && dialect.errors === 'flat' && isObject(event['error'])) {
    const { code, message, param } = event['error'];
    return {
      ...frame,
      event: { type: 'error', code: code ?? null, message: message ?? '', param: param ?? null },
    };
  }
  if (dialect.responseIds && NAMES_RESPONSE.test(event.type))
    return { ...frame, event: { ...event, response_id } };
  return frame;
}
