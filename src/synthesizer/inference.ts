/**
 * Inference steps: opened lazily by what the model makes, closed by a hosted tool or by the end.
 */
import { inferenceStepId } from '../events/step-id.js';
import type {
  InferenceMetadata,
  InferenceResult,
  ReasoningText,
  ServerToolExecution,
  StepStatus,
  ToolCall,
  TurnError,
  Usage,
} from '../events/index.js';
import type { Draft, OpenInference, Part, PartKind } from './state.js';

/** The open inference step; opens one when there is none. */
export function openInference(draft: Draft): OpenInference {
  const { state } = draft;
  if (state.inference) return state.inference;
  const inference: OpenInference = { step_id: nextStepId(draft), parts: [], hot: null };
  state.inference = inference;
  const metadata: InferenceMetadata = {
    ...(state.response_id === null ? {} : { response_id: state.response_id }),
    model: state.model,
    attempt: state.options.attempt,
  };
  draft.events.push({ type: 'step_started', step_id: inference.step_id, step_type: 'inference', metadata });
  return inference;
}

/** Mints the id of the next step of this response. */
export function nextStepId(draft: Draft): string {
  return inferenceStepId(draft.state.options.stepPrefix, draft.state.steps++);
}

/** What only the last inference step of a response carries. */
export interface ResponseTotals {
  readonly function_calls: readonly ToolCall[];
  readonly server_tool_executions: readonly ServerToolExecution[];
  readonly usage?: Usage;
  readonly service_tier?: string;
  readonly agent_hash?: string;
}

interface InferenceEnd {
  readonly status: StepStatus;
  readonly stop_reason: string;
  readonly error?: TurnError;
  readonly totals?: ResponseTotals;
}

const NO_TOTALS: ResponseTotals = { function_calls: [], server_tool_executions: [] };

/** Closes the open inference step, if there is one. */
export function closeInference(draft: Draft, end: InferenceEnd): void {
  const { state } = draft;
  const inference = state.inference;
  if (!inference) return;
  const parts = partsOf(inference);
  const result: InferenceResult = {
    ...(state.response_id === null ? {} : { response_id: state.response_id }),
    model: state.model,
    ...contentOf(parts),
    ...(end.totals ?? NO_TOTALS),
    stop_reason: end.stop_reason,
  };
  state.inference = null;
  state.said = state.said.concat(parts);
  draft.events.push({
    type: 'step_completed',
    step_id: inference.step_id,
    step_type: 'inference',
    status: end.status,
    result,
    ...(end.error ? { error: end.error } : {}),
  });
}

export function partsOf(inference: OpenInference): readonly Part[] {
  return inference.hot ? [...inference.parts, inference.hot] : inference.parts;
}

export function joinParts(parts: readonly Part[], kind: PartKind): string {
  return parts.reduce((text, part) => (part.kind === kind ? text + part.text : text), '');
}

type Content = Pick<InferenceResult, 'text_content' | 'reasoning' | 'refusal' | 'annotations'>;

function contentOf(parts: readonly Part[]): Content {
  const reasoning = parts.map(reasoningOf).filter((text) => text !== null);
  const refusal = joinParts(parts, 'refusal');
  const annotations = parts.flatMap((part) => part.annotations);
  return {
    text_content: joinParts(parts, 'text'),
    ...(reasoning.length > 0 ? { reasoning } : {}),
    ...(refusal === '' ? {} : { refusal }),
    ...(annotations.length > 0 ? { annotations } : {}),
  };
}

function reasoningOf(part: Part): ReasoningText | null {
  if (part.text === '') return null;
  if (part.kind === 'summary') return { kind: 'summary', text: part.text };
  return part.kind === 'reasoning' ? { kind: 'text', text: part.text } : null;
}
