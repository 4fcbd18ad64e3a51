/** No turn leaves its conversation damaged: calls that will get no output any more are answered there at once. */
import { CancellationScope, proxyActivities, TemporalFailure } from '@temporalio/workflow';
import { completionSource } from '../events/source.js';
import type { CompletionInput, CompletionResult } from '../protocol/activity.js';
import type { COMPLETE_CONVERSATION } from '../protocol/names.js';
import type { Turn } from './turn.js';

type Activities = Record<typeof COMPLETE_CONVERSATION, (input: CompletionInput) => Promise<CompletionResult>>;

const OPTIONS = {
  scheduleToCloseTimeout: '10s',
  startToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '2s' },
  summary: 'answer open calls',
} as const;

/**
 * Before the end of the turn, also of one that is cancelled. What cannot be answered here and now is listed as
 * `open_calls`, and answered by the first request of the next turn.
 */
export async function completeConversation(turn: Turn): Promise<void> {
  const { conversation } = turn;
  const outputs = turn.answers.left;
  if (conversation === undefined || outputs === undefined) return;
  const source = completionSource(turn.mintSuffix());
  const activities = proxyActivities<Activities>({ ...OPTIONS, activityId: source });
  const input = { agent: turn.input.agent, conversation, outputs };
  turn.tell('answering open calls');
  turn.recorder.scheduled(source);
  try {
    const done = await CancellationScope.nonCancellable(() => activities.complete_conversation(input));
    turn.recorder.settled(source, done);
  } catch (thrown) {
    if (!(thrown instanceof TemporalFailure)) throw thrown;
    turn.recorder.threw(source, thrown, 'model');
  }
}
