/** `agentTurn`: one turn of an agent. Ask the model, run the tools it calls, ask again until it calls none. */
import { answerCalls, wantsMore } from './calls.js';
import { completeConversation } from './complete-conversation.js';
import { Deadline } from './deadline.js';
import { infer } from './infer.js';
import { limitReached } from './limits.js';
import { report, reportThrown } from './report.js';
import { endsTurn, openTurn } from './turn.js';
import type { Answer, Turn } from './turn.js';
import type { TurnInput, TurnResult } from '../protocol/turn.js';

/**
 * The turn's id is the workflow's id.
 * @throws ApplicationFailure with TurnFailureDetails when the turn fails, CancelledFailure when it is cancelled.
 */
export async function agentTurn(input: TurnInput): Promise<TurnResult> {
  const turn = openTurn(input);
  const deadline = new Deadline();
  try {
    const answer = await deadline.within(
      () => untilDone(turn, deadline),
      (): Answer => ({ status: 'incomplete', stop_reason: 'limit_time' }),
    );
    await completeConversation(turn);
    await report(turn, answer.status);
    return turn.complete(answer);
  } catch (thrown) {
    if (endsTurn(thrown)) await completeConversation(turn);
    await reportThrown(turn, thrown);
    throw turn.failed(thrown);
  }
}

async function untilDone(turn: Turn, deadline: Deadline): Promise<Answer> {
  for (;;) {
    // An agent's own limits are known after its first answer.
    deadline.arm(turn.limits);
    const answer = await infer(turn);
    if (answer.status === 'incomplete' || !wantsMore(answer)) return answer;
    const limit = limitReached(turn, answer);
    if (limit) return { ...answer, status: 'incomplete', stop_reason: limit };
    deadline.arm(turn.limits);
    turn.next(answer, await answerCalls(turn, answer));
  }
}
