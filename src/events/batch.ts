/**
 * Batches: how events travel. Private to this package and versioned with it; the contract for others is
 * the events, the queries, the updates and the memo.
 *
 * A batch is frozen when it is first sent: a retry has the same `n` and the same events. `n` counts from 0
 * per (source, epoch). What every reader can add for itself is left out; `TurnLog` adds it again.
 */
import type {
  Delta,
  InferenceCompleted,
  InferenceResult,
  InferenceStarted,
  InputRequired,
  InputResolved,
  StepStatus,
  StepSuperseded,
  ToolExecutionCompleted,
  ToolExecutionResult,
  ToolExecutionStarted,
  ToolMetadata,
  TurnError,
} from './turn-event.js';

export interface Batch {
  /** Id of the activity that speaks, or `workflow`. */
  readonly source: string;
  /**
   * When the attempt was due by the server's clock, in ms since 1970, or when the server started it if that was
   * earlier: a later attempt has a greater epoch.
   */
  readonly epoch: number;
  readonly attempt: number;
  readonly n: number;
  /** This attempt goes on where the one before stopped: nothing is superseded. */
  readonly continues?: boolean;
  readonly events: readonly BatchEvent[];
}

type Untold<E> = E extends unknown ? Omit<E, 'turn_id'> : never;

export type BatchEvent =
  | Untold<InferenceStarted>
  | BatchToolStarted
  | BatchProgress
  | BatchInferenceCompleted
  | BatchToolCompleted
  | Untold<StepSuperseded>
  | BatchInputRequired
  | Untold<InputResolved>;

/** One of our tools leaves out its `metadata`: the call says it. */
export interface BatchToolStarted extends Omit<ToolExecutionStarted, 'turn_id' | 'metadata'> {
  readonly metadata?: ToolMetadata;
}

/** A delta; `step_type` is known from the step's start. */
export interface BatchProgress {
  readonly type: 'step_progress';
  readonly step_id: string;
  readonly delta: Delta;
}

/** `text_content` and `reasoning` are left out where they equal what the deltas had said. */
export interface BatchInferenceCompleted extends Omit<InferenceCompleted, 'turn_id' | 'result'> {
  readonly result: Omit<InferenceResult, 'text_content'> & { readonly text_content?: string };
}

/** What is asked about a call that is known is left out. */
export interface BatchInputRequired extends Pick<
  InputRequired,
  'type' | 'input_id' | 'step_id' | 'kind' | 'at'
> {
  /** Of an MCP approval request. */
  readonly call_id?: string;
  readonly expires_at?: string;
}

/** One of our tools leaves out its `result`: the call and the activity's output say it. */
export interface BatchToolCompleted extends Omit<ToolExecutionCompleted, 'turn_id' | 'result'> {
  readonly result?: ToolExecutionResult;
}

/** What an activity hands over when it is done, beside its own result. */
export interface Handover {
  readonly epoch: number;
  readonly attempt: number;
  readonly continues?: boolean;
  /** What was not published, or not acknowledged. */
  readonly batches: readonly Batch[];
}

/** How an activity ended that handed nothing over. */
export interface SourceEnd {
  readonly status: Extract<StepStatus, 'failed' | 'cancelled'>;
  readonly error: TurnError;
}
