/** A turn goes on in a new run before the history of this one grows too long. */
import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import { TURN_EVENTS_MEMO, TURN_MEMO } from '../protocol/names.js';
import type { CarriedAnswer, TurnCarry } from '../protocol/turn-carry.js';
import type { TurnInput, TurnResult } from '../protocol/turn.js';
import { passes } from './history-budget.js';
import type { HistoryBudget } from './history-budget.js';
import type { Turn } from './turn.js';

type Run = (input: TurnInput, carry: TurnCarry) => Promise<TurnResult>;

/**
 * Right after an answer and before its calls: no activity is at work then, and outputs of tools need not travel.
 * Returns where the turn goes on in this run.
 * @throws ContinueAsNew
 */
export async function continueIfDue(
  turn: Turn,
  answer: CarriedAnswer,
  { continueAt }: HistoryBudget,
): Promise<void> {
  if (!workflowInfo().continueAsNewSuggested && !passes(continueAt)) return;
  await condition(allHandlersFinished);
  const carry = turn.carry(answer);
  if (!carry) return;
  const { [TURN_EVENTS_MEMO]: _lastSaid, ...memo } = workflowInfo().memo ?? {};
  const { agent } = turn.input;
  const facts = { agent, ...(Object(memo[TURN_MEMO]) as object), started_at: carry.started_at };
  await makeContinueAsNewFunc<Run>({ memo: { ...memo, [TURN_MEMO]: facts } })(turn.given, carry);
}
