/**
 * Turn events → stream events of the Responses API. The same turn events give the same stream, so
 * `starting_after` needs no store: the turn is read again from its start.
 */
import type { TurnEndEvent, TurnEvent } from '../../events/turn-event.js';
import { OutputItems } from './output-items.js';
import { responseObject } from './response-object.js';
import type { ResponseHead, WireResponse } from './response-object.js';
import type { UnnumberedEvent, WireEvent } from './wire-event.js';

export interface ResponseStreamOptions {
  /** true: every turn event stands in the stream too, as `durable_turns:event`. */
  readonly turnEvents?: boolean;
}

export class ResponseStream {
  readonly #head: ResponseHead;
  readonly #turnEvents: boolean;
  readonly #items = new OutputItems((event) => this.#said.push(this.#numbered(event)));
  #said: WireEvent[] = [];
  #number = 0;
  #startedAt: string | undefined;
  #end: TurnEndEvent | undefined;

  constructor(head: ResponseHead, { turnEvents = false }: ResponseStreamOptions = {}) {
    this.#head = head;
    this.#turnEvents = turnEvents;
  }

  /** As it stands after the events taken so far. */
  get response(): WireResponse {
    const { items: output } = this.#items;
    return responseObject(this.#head, { started_at: this.#startedAt, output, end: this.#end });
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** What a client is told of this event, numbered without gaps from 0. */
  take(event: TurnEvent): readonly WireEvent[] {
    this.#said = [];
    // A message that was cancelled while it waited ends without a start.
    if (this.#startedAt === undefined && 'at' in event) this.#begin(event.at);
    if (this.#turnEvents) this.#say({ type: 'durable_turns:event', event });
    this.#tell(event);
    return this.#said;
  }

  #tell(event: TurnEvent): void {
    switch (event.type) {
      case 'step_progress':
        if (event.step_type === 'inference') this.#items.progress(event.step_id, event.delta);
        return;
      case 'step_completed':
        if (event.step_type === 'inference') this.#items.complete(event.step_id, event.status, event.result);
        return;
      case 'step_superseded':
        this.#items.supersede(event.step_id);
        return;
      case 'turn_completed':
        this.#end = event;
        this.#say({ type: `response.${event.status}`, response: this.response });
        return;
      case 'turn_failed':
        this.#end = event;
        this.#say({ type: 'response.failed', response: this.response });
        return;
      case 'turn_cancelled':
        this.#end = event;
        // The API has no event for it; its status says what happened, and clients know this one as an end.
        this.#say({ type: 'response.incomplete', response: this.response });
        return;
      case 'turn_started':
      case 'step_started':
      case 'input_required':
      case 'input_resolved':
        return;
      default:
        event satisfies never;
    }
  }

  #begin(at: string): void {
    this.#startedAt = at;
    this.#say({ type: 'response.created', response: this.response });
    this.#say({ type: 'response.in_progress', response: this.response });
  }

  #say(event: UnnumberedEvent): void {
    this.#said.push(this.#numbered(event));
  }

  #numbered(event: UnnumberedEvent): WireEvent {
    return { ...event, sequence_number: this.#number++ };
  }
}
