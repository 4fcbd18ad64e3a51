/**
 * Step ids are opaque to readers, unique in the turn, equal on replay, and sort as strings in the order
 * in which people read a turn: by response, then what the server did, then our tools.
 */

/** `<rrrr>.<epoch, base 36, 9 digits>.`: what the inference and hosted tool steps of one attempt share. */
export function inferenceStepPrefix(response: number, epoch: number): string {
  return `${digits(response, 4)}.${epoch.toString(36).padStart(9, '0')}.`;
}

/** `<rrrr>.<epoch>.<kkk>`: the k-th step of an attempt, from 0. */
export function inferenceStepId(prefix: string, k: number): string {
  return prefix + digits(k, 3);
}

/** `<rrrr>.z<ccc>.<suffix>`: the step of the c-th call of a response; `z` sorts it after every epoch. */
export function toolStepId(response: number, call: number, suffix: string): string {
  return `${digits(response, 4)}.z${digits(call, 3)}.${suffix}`;
}

/** The response and call that a tool's step id names; undefined for other steps. */
export function callOfStep(stepId: string): { response: number; call: number } | undefined {
  const match = /^(\d+)\.z(\d+)\./.exec(stepId);
  return match ? { response: Number(match[1]), call: Number(match[2]) } : undefined;
}

/** The response, from 1, that a step belongs to. */
export function responseOfStep(stepId: string): number {
  return Number.parseInt(stepId, 10);
}

const digits = (n: number, width: number): string => String(n).padStart(width, '0');
