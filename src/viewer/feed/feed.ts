/**
 * What the page knows of a turn, or of all turns of a session: the fold `advance` per turn, and the events
 * themselves. An event that comes twice counts once. Those who show it are told once per frame, however many
 * events came.
 */
import { advance } from '../../events/advance.js';
import { emptyProgress } from '../../events/progress.js';
import type { TurnProgress } from '../../events/progress.js';
import type { SessionEvent } from '../../events/session-event.js';
import type { Connection } from '../net/event-stream.js';
import { Decisions } from './decisions.js';
import { isOfSession, withMessage } from './messages.js';
import type { Message } from './messages.js';

/** An event as it came, with its cursor. */
export interface LoggedEvent {
  readonly id: string;
  readonly event: SessionEvent;
}

/** Says when the next frame is drawn. */
export type Frame = (draw: () => void) => void;

export class Feed {
  readonly #frame: Frame;
  readonly #listeners = new Set<() => void>();
  readonly #seen = new Set<string>();
  #log: LoggedEvent[] = [];
  #turns = new Map<string, TurnProgress>();
  #decisions = new Decisions();
  #messages: readonly Message[] = [];
  #connection: Connection = { state: 'connecting' };
  #version = 0;
  #due = false;
  #isVoid = false;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Another number whenever something has changed and listeners were told. */
  get version(): number {
    return this.#version;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** All events, oldest first. It grows: look at `version` to see that it did. */
  get log(): readonly LoggedEvent[] {
    return this.#log;
  }

  /** Turns in the order in which they were first heard of. */
  get turns(): ReadonlyMap<string, TurnProgress> {
    return this.#turns;
  }

  /** Of a session, in order of acceptance. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  get decisions(): Decisions {
    return this.#decisions;
  }

  turn(turnId: string): TurnProgress | undefined {
    return this.#turns.get(turnId);
  }

  /** Everything comes anew: what is here stays until the first of it has come. */
  restart(): void {
    this.#isVoid = true;
  }

  take(id: string, event: SessionEvent): void {
    if (this.#isVoid) this.#forget();
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    this.#log.push({ id, event });
    if (isOfSession(event)) this.#messages = withMessage(this.#messages, event);
    else {
      const before = this.#turns.get(event.turn_id) ?? emptyProgress(event.turn_id);
      this.#turns.set(event.turn_id, advance(before, event));
      this.decisions.take(event);
    }
    this.#changed();
  }

  connected(connection: Connection): void {
    this.#connection = connection;
    this.#changed();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #forget(): void {
    this.#isVoid = false;
    this.#seen.clear();
    this.#log = [];
    this.#turns = new Map();
    this.#messages = [];
    this.#decisions = new Decisions();
  }

  #changed(): void {
    if (this.#due) return;
    this.#due = true;
    this.#frame(() => {
      this.#due = false;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }
}
