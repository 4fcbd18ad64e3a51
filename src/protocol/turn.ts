/** What a turn is given and what it gives: the input and result of the workflow `agentTurn`. */
import type { JsonObject, JsonValue } from '../events/json.js';
import type { TurnCompleted } from '../events/turn-event.js';
import type { ResponseInputItem } from 'openai/resources/responses/responses';

/** What a turn is asked: the one argument of the workflow `agentTurn`. */
export interface TurnInput {
  /** Name of an agent that the worker knows. */
  readonly agent: string;
  /** The user's message, or Responses input items. */
  readonly input: string | readonly ResponseInputItem[];
  /** For people and searches; default: the conversation. */
  readonly session_id?: string | undefined;
  /** A conversation of the Conversations API (`conv_...`). The turn then uses conversation mode. */
  readonly conversation?: string | undefined;
  /** The response that this turn goes on from. Excludes `conversation`. */
  readonly previous_response_id?: string | undefined;
  /** The turn whose transcript, with all before it, precedes this one: for stateless agents in a session. */
  readonly previous_turn_id?: string | undefined;
  /** What this turn does otherwise than its agent says. */
  readonly overrides?: TurnOverrides | undefined;
  /** At most 16 KiB of JSON. Reaches tools and `instructions(context)`, never the model by itself. */
  readonly context?: JsonValue | undefined;
  /** Goes into the Responses request's `metadata`: at most 16 pairs, keys ≤ 64, values ≤ 512 characters. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** In place of the agent's, all of them. A turn that reaches one ends as `incomplete`. */
  readonly limits?: TurnLimits | undefined;
  /** What watchers see while a step runs. Default: as the agent says. */
  readonly publishing?: PublishingInput | undefined;
  /** The workflow that is told how the turn ends, by the signal `turn_ended` (TurnReport). */
  readonly report_to?: ReportTo | undefined;
  /** Of a session: what the input says again. */
  readonly said_again?: SaidAgain | undefined;
}

/** Words that the conversation may hold already: their turn was interrupted before it heard whether it does. */
export interface SaidAgain {
  /** So many items at the head of the input. */
  readonly items: number;
  /** The newest items of the conversation before they were said. */
  readonly newest_items: readonly string[];
}

export interface ReportTo {
  readonly workflow_id: string;
}

/** For this turn only, in place of what the agent says. */
export interface TurnOverrides {
  readonly model?: string;
  readonly instructions?: string;
  /** Replaces the agent's hosted tools, as OpenAI writes them. */
  readonly hosted_tools?: readonly JsonObject[];
  /** Merged over the agent's `request`, member by member. */
  readonly request?: JsonObject;
}

/** Where a turn ends as `incomplete`. */
export interface TurnLimits {
  /** Responses in one turn, at most 9999. Default 1000. */
  readonly max_responses?: number;
  /** Calls of our tools in one turn. Default: no limit. */
  readonly max_tool_calls?: number;
  /** Tokens in and out, summed over the responses. Default: no limit. */
  readonly max_tokens?: number;
  /**
   * Seconds from the turn's start. What runs or waits then is cancelled. An agent's own limit does not cut off
   * the turn's first response. Default: no limit.
   */
  readonly max_seconds?: number;
}

/** `live`: deltas as they come; `steps`: borders, with texts in the results; `off`: nothing before an activity ends. */
export type PublishingMode = 'live' | 'steps' | 'off';

/** What watchers see while a step runs, and how often. */
export interface PublishingInput {
  /** Default `live`. */
  readonly mode?: PublishingMode;
  /** Least time between two signals of one activity, in ms. Default 100. */
  readonly min_interval_ms?: number;
  /** Greatest time between two signals of one activity, in ms. Default 1000. */
  readonly max_interval_ms?: number;
}

/** What `agentTurn` returns: `turn_completed` without its time. A turn that fails or is cancelled throws instead. */
export type TurnResult = Omit<TurnCompleted, 'type' | 'at'>;
