/** What a run carries into the next one, kept small. Pure. */
import { utf8Bytes } from '../events/bytes.js';
import type { TurnProgress } from '../events/progress.js';
import { responseOfStep } from '../events/step-id.js';
import type { InferResult } from '../protocol/activity.js';
import { CARRY_BYTES } from '../protocol/turn-carry.js';
import type { CarriedAnswer, TurnCarry } from '../protocol/turn-carry.js';
import { bareStep } from './bare-step.js';

const STEPS_BYTES = 192 * 1024;
const DECIDED_BYTES = 64 * 1024;

/** Undefined where the answer alone is too much: the run then goes on until a smaller one comes. */
export function withinCarry(carry: TurnCarry): TurnCarry | undefined {
  const { progress, response, decided } = carry;
  const small = {
    ...carry,
    progress: carriedProgress(progress, response),
    decided: newest(decided, DECIDED_BYTES),
  };
  return bytesOf(small) <= CARRY_BYTES ? small : undefined;
}

/** The answer without what the log has taken in already. */
export function carriedAnswer(answer: CarriedAnswer & Partial<InferResult>): CarriedAnswer {
  const {
    epoch: _epoch,
    attempt: _attempt,
    continues: _continues,
    batches: _batches,
    agent_hash: _hash,
    limits: _limits,
    conversation: _conversation,
    output_items: _items,
    ...carried
  } = answer;
  return carried;
}

/** The steps of the response that the turn stands at stay whole: the turn may yet end with them. */
function carriedProgress(progress: TurnProgress, response: number): TurnProgress {
  const standing = progress.steps.filter(({ state }) => state !== 'superseded');
  const earlier = standing.filter(({ step_id }) => responseOfStep(step_id) < response);
  const current = standing.slice(earlier.length);
  if (earlier.length === 0) return { ...progress, steps: current };
  return { ...progress, steps: [...newest(earlier.map(bareStep), STEPS_BYTES), ...current], truncated: true };
}

function newest<T>(list: readonly T[], limit: number): readonly T[] {
  let left = limit;
  const from = list.findLastIndex((entry) => (left -= bytesOf(entry) + 1) < 0);
  return list.slice(from + 1);
}

const bytesOf = (value: unknown): number => utf8Bytes(JSON.stringify(value));
