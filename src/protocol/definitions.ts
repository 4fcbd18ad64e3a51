/** Signal, update and queries of a turn, typed once for workflow, activities and client. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PackedBatch } from '../events/packed-batch.js';
import type { TurnProgress } from '../events/progress.js';
import type { TurnEvent } from '../events/turn-event.js';
import { EVENTS_QUERY, PROGRESS_QUERY, PUBLISH_SIGNAL, RESOLVE_INPUT_UPDATE } from './names.js';
import type { InputOutcome, InputResolution } from './resolve-input.js';

export interface ProgressQuery {
  /**
   * `full` (default): at most 1 MiB, the oldest texts and results go first;
   * `summary`: at most 64 KiB, the last 50 steps with the ends of their texts.
   */
  readonly detail?: 'summary' | 'full';
}

export interface EventsQuery {
  /** Offset of the first event wanted, from 0. */
  readonly offset?: number;
  /** Most events wanted. Default: as many as fit into 1 MiB. */
  readonly limit?: number;
}

export type EventsPage =
  | {
      readonly events: readonly TurnEvent[];
      /** Offset to ask for next. */
      readonly next: number;
      /** Offset of the oldest event that is still kept. */
      readonly first: number;
    }
  | { readonly error: { readonly code: 'offset_too_old'; readonly first: number } };

export const publishSignal = defineSignal<[PackedBatch]>(PUBLISH_SIGNAL);
export const resolveInputUpdate = defineUpdate<InputOutcome, [InputResolution]>(RESOLVE_INPUT_UPDATE);
export const progressQuery = defineQuery<TurnProgress, [ProgressQuery?]>(PROGRESS_QUERY);
export const eventsQuery = defineQuery<EventsPage, [EventsQuery?]>(EVENTS_QUERY);
