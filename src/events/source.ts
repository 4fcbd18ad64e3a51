/**
 * Sources: the activity ids that the workflow mints, one for each scheduling, never used again (also not
 * after continue-as-new or reset: the suffix is random and a reset re-seeds it).
 */
import { toolStepId } from './step-id.js';

export const WORKFLOW_SOURCE = 'workflow';

export type Source =
  | { readonly kind: 'inference'; readonly response: number }
  | { readonly kind: 'tool'; readonly response: number; readonly call: number; readonly stepId: string }
  | { readonly kind: 'completion' };

/** `infer-<response>-<suffix>`; responses count from 1. */
export function inferenceSource(response: number, suffix: string): string {
  return `infer-${response}-${suffix}`;
}

/** `tool-<response>-<call>-<suffix>`; calls count from 0. */
export function toolSource(response: number, call: number, suffix: string): string {
  return `tool-${response}-${call}-${suffix}`;
}

/** `complete-<suffix>`: answers in the conversation what the turn leaves open. It has no step. */
export function completionSource(suffix: string): string {
  return `complete-${suffix}`;
}

/** What an activity id says, or undefined for an activity that is not one of ours. */
export function parseSource(source: string): Source | undefined {
  const inference = /^infer-(\d+)-\w+$/.exec(source);
  if (inference) return { kind: 'inference', response: Number(inference[1]) };
  if (/^complete-\w+$/.test(source)) return { kind: 'completion' };
  const tool = /^tool-(\d+)-(\d+)-(\w+)$/.exec(source);
  if (!tool) return undefined;
  const response = Number(tool[1]);
  const call = Number(tool[2]);
  return { kind: 'tool', response, call, stepId: toolStepId(response, call, tool[3] ?? '') };
}
