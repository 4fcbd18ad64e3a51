/** `agentTurn`: one turn of an agent. Ask the model, run the tools it calls, ask again until it calls none. */
import { ContinueAsNew } from '@temporalio/workflow';
import { answerCalls, wantsMore } from './calls.js';
import { completeConversation } from './complete-conversation.js';
import { continueIfDue } from './continue-as-new.js';
import { Deadline } from './deadline.js';
import { HISTORY_BUDGET, passes } from './history-budget.js';
import type { HistoryBudget } from './history-budget.js';
import { infer } from './infer.js';
import { limitReached } from './limits.js';
import { report, reportThrown } from './report.js';
import { endsTurn, openTurn } from './turn.js';
import type { Answer, Turn } from './turn.js';
import type { TurnCarry } from '../protocol/turn-carry.js';
import type { TurnInput, TurnResult } from '../protocol/turn.js';

/**
 * The turn's id is the workflow's id. `carry` is for the turn itself: what it hands on when it continues as new.
 * @throws ApplicationFailure with TurnFailureDetails when the turn fails, CancelledFailure when it is cancelled.
 */
export async function agentTurn(input: TurnInput, carry?: TurnCarry): Promise<TurnResult> {
  return turnWithin(HISTORY_BUDGET, input, carry);
}

/** The turn, with runs of at most so much history. */
export async function turnWithin(
  budget: HistoryBudget,
  input: TurnInput,
  carry: TurnCarry | undefined,
): Promise<TurnResult> {
  const turn = openTurn(input, carry);
  const deadline = new Deadline(turn.startedAt);
  try {
    const answer = await deadline.within(
      () => untilDone(turn, deadline, budget),
      (): Answer => ({ status: 'incomplete', stop_reason: 'limit_time' }),
    );
    await completeConversation(turn);
    const result = turn.resultOf(answer);
    await report(turn, answer.status);
    return turn.complete(result);
  } catch (thrown) {
    if (thrown instanceof ContinueAsNew) throw thrown;
    if (endsTurn(thrown)) await completeConversation(turn);
    await reportThrown(turn, thrown);
    throw turn.failed(thrown);
  }
}

async function untilDone(turn: Turn, deadline: Deadline, budget: HistoryBudget): Promise<Answer> {
  for (let { carried } = turn; ; carried = undefined) {
    // An agent's own limits are known after its first answer.
    deadline.arm(turn.limits);
    const answer = carried ?? (await infer(turn));
    if (answer.status === 'incomplete' || !wantsMore(answer)) return answer;
    const limit = limitReached(turn, answer);
    if (limit) return { ...answer, status: 'incomplete', stop_reason: limit };
    // Not with the answer that this run began with: it would go on as new for ever.
    if (!carried) await continueIfDue(turn, answer, budget);
    if (passes(budget.endAt)) return { ...answer, status: 'incomplete', stop_reason: 'limit_history' };
    deadline.arm(turn.limits);
    turn.next(answer, await answerCalls(turn, answer));
  }
}
