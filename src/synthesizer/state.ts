/**
 * What the synthesizer knows of one response. Plain JSON; every nested value is immutable and shared
 * between states, only the part that an event touches is copied.
 */
import { inferenceStepId } from '../events/step-id.js';
import type { JsonObject, ServerToolExecution, StepDraft } from '../events/index.js';
import type { ResponseOutcome } from './outcome.js';

export interface SynthesizerOptions {
  /** `inferenceStepPrefix(response, epoch)`; the k-th step gets `inferenceStepId(stepPrefix, k)`. */
  readonly stepPrefix: string;
  /** Temporal's attempt of the activity that asks the model, from 1. */
  readonly attempt: number;
  /** The model as requested; replaced by the response's own word when it says one. */
  readonly model: string;
  /** Stands in the last inference result of the response. */
  readonly agentHash?: string;
  /** The tools of the request that we run, for example `{type: 'function', name: 'save_note'}`. */
  readonly clientTools: readonly { readonly type: string; readonly name: string }[];
}

export interface SynthesizerState {
  readonly options: SynthesizerOptions;
  readonly response_id: string | null;
  readonly model: string;
  readonly numbering: Numbering;
  /** `type name` of the tools of the request that clients run, as the server repeats them. */
  readonly declared: readonly string[];
  /** Two lifecycle events named the same response: the server does not seem to rotate its ids. */
  readonly stable_response_id: boolean;
  /** An event found its item by id: ids do not rotate. */
  readonly stable_item_ids: boolean;
  /** Steps opened so far; the next one gets this number. */
  readonly steps: number;
  readonly inference: OpenInference | null;
  /** Parts of inference steps that are closed. */
  readonly said: readonly Part[];
  /** Items seen so far; the next one gets this ordinal. */
  readonly items: number;
  /** Items that were added and are not done, in the order they were added. */
  readonly open: readonly Item[];
  readonly done: readonly Item[];
  /** Arguments of items that were not added yet. */
  readonly pending: readonly PendingArguments[];
  readonly executions: readonly ServerToolExecution[];
  readonly unknown_events: number;
  readonly outcome: ResponseOutcome | null;
}

/** Sequence numbers tell repeated events, as long as the server counts with them at all. */
export interface Numbering {
  readonly last: number | null;
  readonly last_type: string;
  readonly usable: boolean;
}

export interface OpenInference {
  readonly step_id: string;
  /** Parts of the step in order of appearance, without the hot one, which comes last. */
  readonly parts: readonly Part[];
  /** The part that grows at the moment, kept apart so that a delta copies nothing but this. */
  readonly hot: Part | null;
}

export type PartKind = 'text' | 'refusal' | 'summary' | 'reasoning';

/** What one inference step holds of one content part or summary part of an item. */
export interface Part {
  /** Ordinal of the item. */
  readonly item: number;
  readonly kind: PartKind;
  /** content_index, or summary_index of a summary. */
  readonly index: number;
  readonly text: string;
  readonly annotations: readonly JsonObject[];
}

export type Role =
  | 'message'
  | 'reasoning'
  | 'client_call'
  | 'hosted_call'
  /** The result of a hosted call, where it is an item of its own. */
  | 'hosted_output'
  | 'approval'
  | 'compaction'
  | 'other';

export interface Item {
  /** Our own key: ids can rotate and indexes can be shared. */
  readonly ordinal: number;
  readonly type: string;
  readonly role: Role;
  readonly id: string | null;
  readonly output_index: number | null;
  /** true: opened by a delta, its `added` was not seen. */
  readonly implicit: boolean;
  readonly phase: string | null;
  /** Of calls and approval requests. */
  readonly call: Call | null;
}

export interface Call {
  readonly call_id: string;
  readonly tool_type: string;
  readonly tool_name: string;
  readonly arguments: string;
  /** The server said that the arguments are whole. */
  readonly arguments_done: boolean;
  /**
   * Characters of `arguments` that deltas have repeated, of a call that was added with arguments; absent once
   * deltas go on where the arguments end.
   */
  readonly repeated?: number;
  /** Index of the shell command that grows. */
  readonly command?: number;
  /** The server marked the item `incomplete`. */
  readonly cut?: true;
  /** The step of a hosted call. */
  readonly step_id: string | null;
  /** The item is done, and its result comes as an item of its own. */
  readonly awaits_output?: true;
  /** Bytes of output that were said while a hosted tool ran. */
  readonly reported?: number;
  readonly server_label?: string;
  readonly namespace?: string;
  readonly caller?: JsonObject;
  /** Of computer calls: what has to be acknowledged. */
  readonly safety_checks?: readonly JsonObject[];
}

export interface PendingArguments {
  readonly item_id: string;
  readonly arguments: string;
  readonly done: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The state that one `advance` builds, owned by it, and the events it has said so far. */
export interface Draft {
  readonly state: Writable<SynthesizerState>;
  readonly events: StepDraft[];
}

export function draftOf(state: SynthesizerState): Draft {
  return { state: { ...state }, events: [] };
}

/** The state before the first event of a response. */
export function startResponse(options: SynthesizerOptions): SynthesizerState {
  return {
    options,
    response_id: null,
    model: options.model,
    numbering: { last: null, last_type: '', usable: true },
    declared: [],
    stable_response_id: false,
    stable_item_ids: false,
    steps: 0,
    inference: null,
    said: [],
    items: 0,
    open: [],
    done: [],
    pending: [],
    executions: [],
    unknown_events: 0,
    outcome: null,
  };
}

/** Ids of all steps that were started, in order. */
export function startedSteps(state: SynthesizerState): readonly string[] {
  return Array.from({ length: state.steps }, (_, k) => inferenceStepId(state.options.stepPrefix, k));
}

/** Ids of steps that were started and not completed, in order. */
export function openSteps(state: SynthesizerState): readonly string[] {
  const hosted = state.open.map((item) =>
    item.role === 'hosted_call' ? (item.call?.step_id ?? null) : null,
  );
  return [state.inference?.step_id ?? null, ...hosted].filter((id) => id !== null).sort();
}
