/** One request to the model, as an activity. */
import {
  ActivityCancellationType,
  ActivityFailure,
  CancelledFailure,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import { isHandover } from '../events/activity-outcome.js';
import { inferenceSource } from '../events/source.js';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import type { INFER } from '../protocol/names.js';
import { heartbeatTimeoutOf } from './heartbeat-timeout.js';
import { checkSize } from './payload-limit.js';
import { releaseResponse } from './release-response.js';
import type { Turn } from './turn.js';

type Activities = Record<typeof INFER, (input: InferInput) => Promise<InferResult>>;

/**
 * The activity bounds its own attempts (it alone can tell a hand-over from a failure) and each attempt's
 * time; Temporal's retries are for what the activity could not see: a worker that died. They come soon on
 * every attempt, since nobody has been asked to wait.
 */
const OPTIONS = {
  startToCloseTimeout: '24 hours',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1s' },
} as const;

export async function infer(turn: Turn): Promise<InferResult> {
  turn.throwIfCancelled();
  const source = inferenceSource(turn.response, turn.mintSuffix());
  const activities = proxyActivities<Activities>({
    ...OPTIONS,
    heartbeatTimeout: heartbeatTimeoutOf(turn.input.agent),
    activityId: source,
    summary: `${turn.input.agent}: response ${turn.response}`,
  });
  const request = turn.request();
  checkSize('The next request, with its overrides and what was said meanwhile,', request);
  turn.tell(`asking the model (response ${turn.response})`);
  turn.recorder.scheduled(source);
  turn.answers.requested();
  try {
    const answer = await activities.infer(request);
    turn.recorder.settled(source, answer);
    if (!isHandover(answer))
      throw fail('InvalidActivityResult', { message: `${source} was completed by hand` });
    turn.learn(answer);
    turn.throwIfCancelled();
    return answer;
  } catch (thrown) {
    turn.recorder.threw(source, thrown, 'model');
    turn.steering.unheard(newestItemsIn(thrown));
    await releaseResponse(turn, thrown);
    throw thrown;
  }
}

/** What its last attempt kept: said by the attempt that was cancelled, or by Temporal of one that died. */
function newestItemsIn(thrown: unknown): readonly string[] | undefined {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : undefined;
  const kept: unknown =
    cause instanceof CancelledFailure
      ? cause.details[0]
      : cause instanceof TimeoutFailure
        ? cause.lastHeartbeatDetails
        : undefined;
  const { newest_items } = Object(kept) as { readonly newest_items?: unknown };
  return Array.isArray(newest_items) ? (newest_items as readonly string[]) : undefined;
}
