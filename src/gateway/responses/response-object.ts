/** The response object, with every field that the Open Responses specification requires. Pure. */
import type { ResponseOutputMessage, ResponseReasoningItem } from 'openai/resources/responses/responses';
import type { JsonObject } from '../../events/json.js';
import type { TurnEndEvent, TurnError, TurnUsage } from '../../events/turn-event.js';
import type { TurnInput } from '../../protocol/turn.js';
import { echoOf, withoutSecrets } from './request-echo.js';
import type { Echo } from './request-echo.js';

export type OutputItem = ResponseOutputMessage | ResponseReasoningItem;

/** As it is sent; SDKs add `output_text`. */
export interface WireResponse extends Echo {
  readonly id: string;
  readonly object: 'response';
  /** Seconds since 1970, as all times of the API. */
  readonly created_at: number;
  readonly completed_at: number | null;
  /** `queued`: the turn waits for others of its session. */
  readonly status: 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';
  readonly error: { readonly code: string; readonly message: string } | null;
  /** The reason is the turn's `stop_reason`. */
  readonly incomplete_details: { readonly reason: string } | null;
  /** The agent. */
  readonly model: string;
  readonly instructions: string | null;
  readonly output: readonly OutputItem[];
  readonly tools: readonly JsonObject[];
  readonly usage: WireUsage | null;
  readonly previous_response_id: string | null;
  /** The session. */
  readonly conversation: { readonly id: string } | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly background: boolean;
  readonly store: true;
}

interface WireUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

/** What is known of a response when its turn starts, and does not change. */
export interface ResponseHead {
  readonly id: string;
  readonly input: TurnInput;
  readonly background: boolean;
  readonly previous_response_id?: string | undefined;
  /** Stands for the start of a turn that has not begun, RFC 3339. */
  readonly queued_at: string;
}

/** What a turn has come to. Times are RFC 3339. */
export interface ResponseBody {
  /** Undefined: it has not begun. */
  readonly started_at: string | undefined;
  readonly output: readonly OutputItem[];
  readonly end?: TurnEndEvent | undefined;
}

export function responseObject(head: ResponseHead, { started_at, output, end }: ResponseBody): WireResponse {
  const { agent, overrides = {}, metadata = {}, session_id } = head.input;
  return {
    ...echoOf(overrides.request ?? {}),
    ...endingOf(end, started_at !== undefined),
    id: head.id,
    object: 'response',
    created_at: seconds(started_at ?? head.queued_at),
    model: agent,
    instructions: overrides.instructions ?? null,
    output,
    tools: (overrides.hosted_tools ?? []).map(withoutSecrets),
    usage: end ? usageOf(end.usage) : null,
    previous_response_id: head.previous_response_id ?? null,
    conversation: session_id === undefined ? null : { id: session_id },
    metadata,
    background: head.background,
    store: true,
  };
}

type Ending = Pick<WireResponse, 'status' | 'completed_at' | 'error' | 'incomplete_details'>;

function endingOf(end: TurnEndEvent | undefined, begun: boolean): Ending {
  const open = { completed_at: null, error: null, incomplete_details: null };
  switch (end?.type) {
    case undefined:
      return { ...open, status: begun ? 'in_progress' : 'queued' };
    case 'turn_completed':
      return end.status === 'completed'
        ? { ...open, status: 'completed', completed_at: seconds(end.at) }
        : { ...open, status: 'incomplete', incomplete_details: { reason: end.stop_reason } };
    case 'turn_failed':
      return { ...open, status: 'failed', error: errorOf(end.error) };
    case 'turn_cancelled':
      return { ...open, status: 'cancelled' };
    default:
      return end satisfies never;
  }
}

function errorOf({ code, message }: TurnError): WireResponse['error'] {
  return { code, message };
}

function usageOf(usage: TurnUsage): WireUsage {
  const { input_tokens, output_tokens, total_tokens } = usage;
  return {
    input_tokens,
    input_tokens_details: usage.input_tokens_details ?? { cached_tokens: 0 },
    output_tokens,
    output_tokens_details: usage.output_tokens_details ?? { reasoning_tokens: 0 },
    total_tokens,
  };
}

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}
