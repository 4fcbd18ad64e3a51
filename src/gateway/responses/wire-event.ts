/** Stream events as the Responses API writes them, before and after they are numbered. */
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { TurnEvent } from '../../events/turn-event.js';
import type { WireResponse } from './response-object.js';

/** The SDK's response holds more than what comes over the wire. */
type OnTheWire<E> = E extends { response: unknown } ? Omit<E, 'response'> & { response: WireResponse } : E;
type WithoutNumber<E> = E extends unknown ? Omit<E, 'sequence_number'> : never;

/** An event of ours between those of the API; Open Responses wants such events to carry a prefix. */
export interface TurnEventOnTheWire {
  readonly type: 'durable_turns:event';
  readonly event: TurnEvent;
  readonly sequence_number: number;
}

export type WireEvent = OnTheWire<ResponseStreamEvent> | TurnEventOnTheWire;
export type UnnumberedEvent = WithoutNumber<WireEvent>;
export type Say = (event: UnnumberedEvent) => void;
