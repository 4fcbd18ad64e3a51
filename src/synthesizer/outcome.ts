/** How a response ended, and what of it the loop goes on with. */
import type { JsonObject, ToolCall, Usage } from '../events/index.js';
import type { ResponseError } from './failure.js';
import { isInput } from './classify.js';
import { joinParts, partsOf } from './inference.js';
import { wordOf } from './json-reader.js';
import { rawText } from './message.js';
import type { Call, Item, PartKind, SynthesizerState } from './state.js';

export interface ResponseOutcome {
  readonly status: ResponseStatus;
  readonly response_id?: string;
  readonly model: string;
  /** end_of_turn, tool_calls, approval_required, refusal; else the server's word or the error's code. */
  readonly stop_reason: string;
  /** Text of the messages of phase `final_answer`, of all messages if none has that phase. */
  readonly final_text: string;
  readonly refusal?: string;
  readonly usage?: Usage;
  /** Calls of our tools; only of a completed response. */
  readonly function_calls: readonly SynthesizedCall[];
  /** Questions of hosted MCP tools; only of a completed response. */
  readonly approvals: readonly ApprovalRequest[];
  readonly error?: ResponseError;
  /** Events of types that the synthesizer does not know. */
  readonly unknown_events: number;
}

export type ResponseStatus = 'completed' | 'incomplete' | 'failed' | 'interrupted';

export interface SynthesizedCall extends ToolCall {
  readonly item_id?: string;
  /** false: the arguments are cut off, or are no JSON where they have to be, so they must not be used. */
  readonly arguments_complete: boolean;
  readonly namespace?: string;
  /** Of computer calls: what somebody has to acknowledge first. */
  readonly safety_checks?: readonly JsonObject[];
  /** Who called, when it was not the model itself: a program that the server runs. */
  readonly caller?: JsonObject;
}

export interface ApprovalRequest {
  readonly approval_request_id: string;
  readonly server_label: string;
  readonly tool_name: string;
  readonly arguments: string;
}

/** The end of the response; undefined until it was seen. */
export function outcome(state: SynthesizerState): ResponseOutcome | undefined {
  return state.outcome ?? undefined;
}

/** The calls among these items, each once. */
export function callsOf(items: readonly Item[]): readonly SynthesizedCall[] {
  const calls = new Map<string, SynthesizedCall>();
  for (const item of items) {
    const call = item.call;
    if (item.role !== 'client_call' || !call) continue;
    const key = JSON.stringify([call.call_id, call.tool_name, call.arguments]);
    if (calls.has(key)) continue;
    calls.set(key, {
      call_id: call.call_id,
      tool_type: call.tool_type,
      tool_name: call.tool_name,
      arguments: call.arguments,
      ...(item.id === null ? {} : { item_id: item.id }),
      arguments_complete: isWhole(call),
      ...(call.safety_checks === undefined ? {} : { safety_checks: call.safety_checks }),
      ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
      ...(call.caller === undefined ? {} : { caller: call.caller }),
    });
  }
  return [...calls.values()];
}

/** Half-written arguments must not run, whatever the server says of the response. */
function isWhole(call: Call): boolean {
  if (!call.arguments_done || call.cut) return false;
  return call.tool_type !== 'function' || call.arguments.trim() === '' || isJson(call.arguments);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function approvalsOf(items: readonly Item[]): readonly ApprovalRequest[] {
  return items.flatMap(({ role, call }) =>
    role === 'approval' && call
      ? {
          approval_request_id: call.call_id,
          server_label: call.server_label ?? '',
          tool_name: call.tool_name,
          arguments: call.arguments,
        }
      : [],
  );
}

/** Text or refusal of the messages in the output; of what was streamed when there is no output. */
export function messageText(state: SynthesizerState, output: readonly JsonObject[], kind: PartKind): string {
  const messages = output.length > 0 ? rawMessages(output, kind) : streamedMessages(state, kind);
  const finals = messages.filter((message) => message.phase === 'final_answer');
  return (finals.length > 0 ? finals : messages).map((message) => message.text).join('');
}

interface MessageText {
  readonly phase: string | null;
  readonly text: string;
}

function rawMessages(output: readonly JsonObject[], kind: PartKind): readonly MessageText[] {
  return output
    .filter((raw) => raw['type'] === 'message' && !isInput(raw))
    .map((raw) => ({ phase: wordOf(raw['phase']), text: rawText(raw, kind) }));
}

function streamedMessages(state: SynthesizerState, kind: PartKind): readonly MessageText[] {
  const parts = state.inference ? [...state.said, ...partsOf(state.inference)] : state.said;
  return [...state.done, ...state.open]
    .filter((item) => item.role === 'message')
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ ordinal, phase }) => ({
      phase,
      text: joinParts(
        parts.filter((part) => part.item === ordinal),
        kind,
      ),
    }));
}
