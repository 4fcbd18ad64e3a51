/**
 * Every way in which this package fails: the `type` of the Temporal ApplicationFailure, what it means,
 * whether the same work may be tried again, and what the reader can do.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { ErrorSource, TurnError } from '../events/turn-event.js';

interface FailureKind {
  /** Code in TurnError when the server gives none. */
  readonly code: string;
  readonly source: ErrorSource;
  readonly retryable: boolean;
  readonly meaning: string;
  readonly advice: string;
}

/** By the `type` of the ApplicationFailure: its code, whether it is retried, and what to do. */
export const FAILURES = {
  InvalidTurnInput: {
    code: 'invalid_turn_input',
    source: 'workflow',
    retryable: false,
    meaning: 'The turn was started with input that cannot be right.',
    advice: 'Correct the field that the message names and start the turn again.',
  },
  UnknownAgent: {
    code: 'unknown_agent',
    source: 'workflow',
    retryable: false,
    meaning: 'No agent of that name is registered on the worker that took the turn.',
    advice: 'Pass the agent to DurableTurnsPlugin({ agents }) on every worker of the task queue.',
  },
  AgentChanged: {
    code: 'agent_changed',
    source: 'workflow',
    retryable: false,
    meaning: 'The agent was defined differently when the turn began.',
    advice: 'Start the turn again, or set onAgentChange: "continue".',
  },
  InvalidAgent: {
    code: 'invalid_agent',
    source: 'workflow',
    retryable: false,
    meaning: 'The agent, with the overrides of this turn, contradicts itself.',
    advice: 'Correct the agent or the overrides as the message says.',
  },
  ModelUnavailable: {
    code: 'model_unavailable',
    source: 'model',
    retryable: true,
    meaning: 'The model server could not be reached, was overloaded or failed.',
    advice:
      'Nothing, while it is retried. If it failed for good, check the base URL and the server, then start the turn again.',
  },
  ModelStreamInterrupted: {
    code: 'stream_interrupted',
    source: 'model',
    retryable: true,
    meaning: 'The stream ended before the response did.',
    advice: 'Nothing, while it is retried. If it failed for good, look for a proxy that cuts long answers.',
  },
  ModelRequestRejected: {
    code: 'request_rejected',
    source: 'model',
    retryable: false,
    meaning: 'The model server refused the request.',
    advice: 'Read its message: a key, a model name, a parameter or the base URL is wrong.',
  },
  ModelResponseFailed: {
    code: 'response_failed',
    source: 'model',
    retryable: false,
    meaning: 'The model server ended the response as failed, for a reason that will not pass.',
    advice: 'Read its message; correct the cause and start the turn again.',
  },
  OutputMismatch: {
    code: 'output_mismatch',
    source: 'model',
    retryable: false,
    meaning: "The final text does not fit the agent's outputType.",
    advice: 'Use a model that supports strict JSON schemas, or relax the schema.',
  },
  TurnTooLarge: {
    code: 'turn_too_large',
    source: 'limit',
    retryable: false,
    meaning: 'The answer or a result would pass the size that Temporal keeps (1 MiB here).',
    advice: 'Ask for less at once: set max_output_tokens, or have tools return references.',
  },
  ToolFailed: {
    code: 'tool_failed',
    source: 'tool',
    retryable: false,
    meaning: 'A tool with onFailure: "fail-turn" failed for good.',
    advice: 'Look at the tool step for its error.',
  },
  ToolError: {
    code: 'tool_error',
    source: 'tool',
    retryable: true,
    meaning: 'A tool threw an error.',
    advice:
      "It is retried by the tool's retry policy; throw ApplicationFailure.nonRetryable to stop at once.",
  },
  ToolArgumentsInvalid: {
    code: 'tool_arguments_invalid',
    source: 'tool',
    retryable: false,
    meaning: 'The worker that runs the tool has another schema for it than the one that took the call.',
    advice: 'Deploy the same definition of the tool to every worker of its task queue.',
  },
  ToolOutputInvalid: {
    code: 'tool_output_invalid',
    source: 'tool',
    retryable: false,
    meaning: 'A tool returned something that JSON cannot carry, or too much of it.',
    advice: 'Return a string or JSON below maxOutputBytes.',
  },
  InputTimedOut: {
    code: 'input_timed_out',
    source: 'tool',
    retryable: false,
    meaning: 'Nobody answered in time, and the tool says onInputTimeout: "fail-turn".',
    advice: 'Answer sooner, raise inputTimeout, or choose another onInputTimeout.',
  },
  InputNotFound: {
    code: 'input_not_found',
    source: 'workflow',
    retryable: false,
    meaning: 'The turn asks, and asked, nothing under this input_id.',
    advice: 'Take input_id from the input_required event or from progress.inputs.',
  },
  InputAlreadyResolved: {
    code: 'input_already_resolved',
    source: 'workflow',
    retryable: false,
    meaning: 'The question was decided before, in another way.',
    advice: 'Read the input_resolved event: that decision stands.',
  },
  InvalidResolution: {
    code: 'invalid_resolution',
    source: 'workflow',
    retryable: false,
    meaning: 'The decision does not fit the question, or was made about other arguments.',
    advice: 'Correct it as the message says.',
  },
  UnsupportedCall: {
    code: 'unsupported_call',
    source: 'tool',
    retryable: false,
    meaning: 'The model calls a tool that nobody here can run, and the API has no way to tell it so.',
    advice: 'Give the agent an executor for it, or take the tool out of its definition.',
  },
  InvalidActivityResult: {
    code: 'invalid_activity_result',
    source: 'workflow',
    retryable: false,
    meaning: 'An inference was completed by hand: nobody knows what the model said.',
    advice:
      'Reset the turn to before it, or start it again. The activity of a tool may be completed by hand.',
  },
  TranscriptTooLong: {
    code: 'transcript_too_long',
    source: 'limit',
    retryable: false,
    meaning: 'What was said before in a stateless session is more than one request should carry (4 MiB).',
    advice:
      "Begin another session, keep the state at the server, or have it compacted there: context_management in the agent's request.",
  },
  TranscriptExpired: {
    code: 'transcript_expired',
    source: 'workflow',
    retryable: false,
    meaning:
      'A stateless turn or session outlived the retention of earlier runs or turns, which hold what was said before.',
    advice:
      'Raise the retention of the namespace, or keep the state at the model server: state: "conversation".',
  },
  HandOver: {
    code: 'hand_over',
    source: 'workflow',
    retryable: true,
    meaning: 'The worker is shutting down, or is cut off from Temporal, and gives the work to another one.',
    advice: 'Nothing: another worker takes it at once.',
  },
  TurnEnded: {
    code: 'terminated',
    source: 'workflow',
    retryable: false,
    meaning: 'Temporal ended the run: it was terminated, or ran out of its time.',
    advice: 'Start the turn again under another id if it is still wanted.',
  },
} as const satisfies Record<string, FailureKind>;

/** The `type` of an ApplicationFailure of ours. */
export type FailureType = keyof typeof FAILURES;

export interface FailureFacts {
  readonly message: string;
  readonly code?: string;
  readonly http_status?: number;
  readonly request_id?: string;
  readonly response_id?: string;
  readonly step_id?: string;
  readonly attempt?: number;
}

/** The TurnError of a failure; the advice is part of its message. */
export function turnError(type: FailureType, facts: FailureFacts): TurnError {
  const { code, source, retryable, advice } = FAILURES[type];
  return { code, source, retryable, ...facts, message: withAdvice(shortened(facts.message), advice) };
}

/** The Temporal failure of a TurnError. `nextRetryDelay` in ms: 0 would end the retries for good. */
export function failureOf(
  type: FailureType,
  error: TurnError,
  options: { retry?: boolean; nextRetryDelay?: number; cause?: Error } = {},
): ApplicationFailure {
  const { retry = FAILURES[type].retryable, nextRetryDelay, cause } = options;
  return ApplicationFailure.create({
    type,
    message: error.message,
    nonRetryable: !retry,
    details: [error],
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
    ...(cause ? { cause } : {}),
  });
}

/** A failure that ends the work at once. */
export function fail(type: FailureType, facts: FailureFacts): ApplicationFailure {
  return failureOf(type, turnError(type, facts), { retry: false });
}

/** The longest message that is told: a gateway's whole HTML page, say, would not fit into a failure. */
const MESSAGE_LENGTH = 4000;

export function shortened(message: string): string {
  return message.length > MESSAGE_LENGTH ? `${message.slice(0, MESSAGE_LENGTH)} ...` : message;
}

function withAdvice(message: string, advice: string): string {
  return `${/[.!?]$/.test(message) ? message : `${message}.`} ${advice}`;
}
