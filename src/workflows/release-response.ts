/**
 * A cancelled turn leaves no response running in the background. Its inference sees to that, unless its worker
 * died with the cancel: Temporal does not try a cancelled activity again, and this is then the last who knows.
 */
import { CancellationScope, isCancellation, proxyActivities, TemporalFailure } from '@temporalio/workflow';
import { responseOfStep } from '../events/step-id.js';
import type { ReleaseInput } from '../protocol/activity.js';
import type { RELEASE_RESPONSE } from '../protocol/names.js';
import type { Turn } from './turn.js';

type Activities = Record<typeof RELEASE_RESPONSE, (input: ReleaseInput) => Promise<void>>;

const OPTIONS = {
  scheduleToCloseTimeout: '10s',
  startToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '2s' },
  summary: 'cancel the response',
} as const;

/** @param thrown what the inference ended with: only one that said nothing has left something behind. */
export async function releaseResponse(turn: Turn, thrown: unknown): Promise<void> {
  if (!CancellationScope.current().consideredCancelled || isCancellation(thrown)) return;
  const response_id = openResponse(turn);
  if (response_id === undefined) return;
  const activities = proxyActivities<Activities>({ ...OPTIONS, activityId: `release-${turn.mintSuffix()}` });
  try {
    const input = { agent: turn.input.agent, response_id };
    await CancellationScope.nonCancellable(() => activities.release_response(input));
  } catch (failed) {
    // It runs to its end, then: nothing of the turn depends on it.
    if (!(failed instanceof TemporalFailure)) throw failed;
  }
}

/** The response that is being streamed, by what was told of it. */
function openResponse({ recorder, response }: Turn): string | undefined {
  for (const step of recorder.progress.steps) {
    if (responseOfStep(step.step_id) !== response || step.state === 'superseded') continue;
    if (step.step_type === 'inference' && step.response_id !== undefined) return step.response_id;
  }
  return undefined;
}
