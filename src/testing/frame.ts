/** What the stream of a response is made of before it is written: events, and the places where faults stand. */
import type { JsonObject } from '../events/json.js';
import type { FaultStep } from './fault-step.js';
import type { WireEvent } from './wire.js';

/** An event to send; `finished` is the whole response, on the event that ends it. */
export interface EventFrame {
  readonly event: WireEvent;
  readonly perSecond?: number | undefined;
  readonly finished?: JsonObject;
}

/** A fault that counts no events: it happens here. */
export interface FaultFrame {
  readonly fault: FaultStep;
}

export type Frame = EventFrame | FaultFrame;
