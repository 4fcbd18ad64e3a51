/** `agentTurn`: one turn of an agent. Ask the model, run the tools it calls, ask again until it calls none. */
import { answerCalls, wantsMore } from './calls.js';
import { infer } from './infer.js';
import { limitReached } from './limits.js';
import { openTurn } from './turn.js';
import type { TurnInput, TurnResult } from '../protocol/turn.js';

/**
 * The turn's id is the workflow's id.
 * @throws ApplicationFailure with TurnFailureDetails when the turn fails, CancelledFailure when it is cancelled.
 */
export async function agentTurn(input: TurnInput): Promise<TurnResult> {
  const turn = openTurn(input);
  try {
    for (;;) {
      const answer = await infer(turn);
      if (answer.status === 'incomplete' || !wantsMore(answer)) return turn.complete(answer);
      const limit = limitReached(turn, answer);
      if (limit) return turn.complete({ ...answer, status: 'incomplete', stop_reason: limit });
      turn.next(answer, await answerCalls(turn, answer));
    }
  } catch (thrown) {
    throw turn.failed(thrown);
  }
}
