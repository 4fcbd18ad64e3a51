/**
 * A turn event before the edge has stamped it: pure code knows neither the turn nor the time.
 */
import type { StepCompleted, StepProgress, StepStarted, TurnEvent } from './turn-event.js';

type WithoutStamp<E> = E extends unknown ? Omit<E, 'turn_id' | 'at'> : never;

/** A step event without `turn_id` and `at`. */
export type StepDraft = WithoutStamp<StepStarted | StepProgress | StepCompleted>;

/** Any event without `turn_id` and `at`. */
export type EventDraft = WithoutStamp<TurnEvent>;
