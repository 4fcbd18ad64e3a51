/**
 * TurnProgress: what a turn has come to, as a plain JSON snapshot. Query, client, CLI and viewer show this;
 * `advance` in advance.ts is the one way to get it from events.
 */
import type { JsonObject, JsonValue } from './json.js';
import type {
  AttemptFailed,
  InputRequired,
  ReasoningText,
  ServerToolExecution,
  StepStatus,
  StopReason,
  SupersedeReason,
  ToolCall,
  ToolResponse,
  TurnEndEvent,
  TurnError,
  TurnUsage,
  Usage,
} from './turn-event.js';
import { NO_USAGE } from './usage.js';

/** `waiting`: an input is open (an approval, or the output of a tool that somebody else runs). */
export type TurnState = 'running' | 'waiting' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** What a turn has come to: a snapshot, as JSON. */
export interface TurnProgress {
  readonly turn_id: string;
  readonly session_id?: string;
  readonly agent?: string;
  readonly state: TurnState;
  readonly started_at?: string;
  /** Ordered by step id; superseded steps stay in the list, without what they had said. */
  readonly steps: readonly Step[];
  /** Questions that nobody has answered yet. */
  readonly inputs: readonly OpenInput[];
  readonly response_ids: readonly string[];
  /** Steps that were not superseded. */
  readonly num_steps: number;
  readonly usage: TurnUsage;
  /** The event that ended the turn, with final_text or error. */
  readonly end?: TurnEndEvent;
  /**
   * true: texts, results or steps were left out to keep the answer small. What counts (num_steps, usage,
   * response_ids) counts them all the same.
   */
  readonly truncated?: boolean;
}

/** A question that nobody has answered yet. */
export type OpenInput = Omit<InputRequired, 'type' | 'turn_id'>;

/** How a step stands. */
export type StepState = 'running' | StepStatus | 'superseded';

/** A step of a turn, with what it has said so far. */
export type Step = InferenceStep | ToolExecutionStep;

interface StepBase {
  readonly step_id: string;
  /** For people: its place among the steps that were not superseded, from 1; 0 when superseded. */
  readonly number: number;
  readonly state: StepState;
  readonly started_at: string;
  readonly ended_at?: string;
  readonly error?: TurnError;
  /** Why the step was superseded. */
  readonly reason?: SupersedeReason;
  /** true: what it said, and what came of it, was left out to keep the answer small. */
  readonly truncated?: boolean;
}

/** A response of the model. */
export interface InferenceStep extends StepBase {
  readonly step_type: 'inference';
  readonly attempt: number;
  readonly response_id?: string;
  readonly model?: string;
  readonly agent_hash?: string;
  readonly text: string;
  readonly reasoning: readonly ReasoningText[];
  readonly refusal?: string;
  readonly annotations: readonly JsonObject[];
  /** While the step runs `arguments` may be half-written. */
  readonly function_calls: readonly ToolCall[];
  readonly server_tool_executions: readonly ServerToolExecution[];
  readonly stop_reason?: StopReason;
  readonly usage?: Usage;
  readonly service_tier?: string;
}

/** A call of a tool. */
export interface ToolExecutionStep extends StepBase {
  readonly step_type: 'tool_execution';
  readonly server_side: boolean;
  readonly tool_type: string;
  readonly tool_name: string;
  readonly call_id?: string;
  readonly server_label?: string;
  readonly arguments: string;
  /** Our tools: the try that runs or ran last. */
  readonly attempt?: number;
  /** Our tools: the tries that failed, the newest 10. */
  readonly failed_attempts: readonly Omit<AttemptFailed, 'type'>[];
  /** Our tools: the newest `ctx.report(data)`. */
  readonly report?: JsonValue;
  readonly tool_responses: readonly ToolResponse[];
}

/** The progress of a turn of which nothing is known yet. */
export function emptyProgress(turnId: string): TurnProgress {
  return {
    turn_id: turnId,
    state: 'running',
    steps: [],
    inputs: [],
    response_ids: [],
    num_steps: 0,
    usage: NO_USAGE,
  };
}
