/**
 * The one fold: `advance(progress, event)` gives the next TurnProgress and leaves the old one as it was.
 *
 * Unknown event and delta types change nothing, and so does an event for a step that is not known or that
 * was superseded: a reader that missed something must not break.
 */
import { closeStep, newStep, supersedeStep, withDelta } from './step-fold.js';
import type { InferenceStep, Step, TurnProgress, TurnState } from './progress.js';
import type { TurnEndEvent, TurnEvent } from './turn-event.js';
import { countUsage, supersedeUsage } from './usage.js';

/** The snapshot after one more event. Pure: events that it does not know change nothing. */
export function advance(progress: TurnProgress, event: TurnEvent): TurnProgress {
  switch (event.type) {
    case 'turn_started': {
      const { agent, at, session_id } = event;
      return { ...progress, agent, started_at: at, ...(session_id === undefined ? {} : { session_id }) };
    }
    case 'step_started': {
      const index = findStep(progress, event.step_id);
      if (index < 0) return withSteps(progress, inserted(progress.steps, newStep(event)));
      // Only a reset of the workflow lets a step start again: what it said before is void.
      if (progress.steps[index]?.state !== 'superseded') return progress;
      return withSteps(progress, progress.steps.with(index, newStep(event)));
    }
    case 'step_progress':
      return replaceStep(progress, event.step_id, (step) => withDelta(step, event.delta));
    case 'step_completed': {
      const index = findStep(progress, event.step_id);
      const before = progress.steps[index];
      if (!before || before.state !== 'running') return progress;
      const after = closeStep(before, event);
      const usage =
        after.step_type === 'inference' && after.usage
          ? countUsage(progress.usage, after.usage)
          : progress.usage;
      return withSteps({ ...progress, usage }, progress.steps.with(index, after));
    }
    case 'step_superseded': {
      const index = findStep(progress, event.step_id);
      const before = progress.steps[index];
      if (!before || before.state === 'superseded') return progress;
      const paid = before.step_type === 'inference' ? before.usage : undefined;
      const usage = paid ? supersedeUsage(progress.usage, paid) : progress.usage;
      return withSteps({ ...progress, usage }, progress.steps.with(index, supersedeStep(before, event)));
    }
    case 'input_required': {
      const { type: _type, turn_id: _turn, ...input } = event;
      return waitingOrRunning({ ...progress, inputs: [...progress.inputs, input] });
    }
    case 'input_resolved':
      return waitingOrRunning({
        ...progress,
        inputs: progress.inputs.filter((input) => input.input_id !== event.input_id),
      });
    case 'turn_completed':
    case 'turn_failed':
    case 'turn_cancelled':
      return progress.end ? progress : { ...progress, state: endState(event), inputs: [], end: event };
    default: {
      const unknownToThisVersion: never = event;
      void unknownToThisVersion;
      return progress;
    }
  }
}

/** Where a step stands in `progress.steps`, or -1. The newest steps are asked for most, so it looks there first. */
export function findStep(progress: TurnProgress, stepId: string): number {
  return progress.steps.findLastIndex((step) => step.step_id === stepId);
}

function replaceStep(progress: TurnProgress, stepId: string, change: (step: Step) => Step): TurnProgress {
  const index = findStep(progress, stepId);
  const step = progress.steps[index];
  if (!step || step.state !== 'running') return progress;
  const changed = change(step);
  return changed === step ? progress : { ...progress, steps: progress.steps.with(index, changed) };
}

function inserted(steps: readonly Step[], step: Step): readonly Step[] {
  const before = steps.findLastIndex((other) => other.step_id < step.step_id);
  return steps.toSpliced(before + 1, 0, step);
}

/** Steps came, went or ended: number them and collect what hangs on them. */
function withSteps(progress: TurnProgress, steps: readonly Step[]): TurnProgress {
  const before = leftOut(progress);
  let number = before.steps;
  const numbered = steps.map((step) => {
    const next = step.state === 'superseded' ? 0 : ++number;
    return step.number === next ? step : { ...step, number: next };
  });
  const response_ids = [...new Set([...before.responses, ...responseIds(numbered)])];
  return { ...progress, steps: numbered, num_steps: number, response_ids };
}

/** What a truncated progress counts beyond the steps that it lists. */
function leftOut(progress: TurnProgress): { steps: number; responses: readonly string[] } {
  if (!progress.truncated) return { steps: 0, responses: [] };
  const listed = new Set(responseIds(progress.steps));
  return {
    steps: progress.num_steps - progress.steps.filter(({ state }) => state !== 'superseded').length,
    responses: progress.response_ids.filter((id) => !listed.has(id)),
  };
}

function responseIds(steps: readonly Step[]): readonly string[] {
  return steps
    .filter((step): step is InferenceStep => step.step_type === 'inference' && step.state !== 'superseded')
    .flatMap((step) => step.response_id ?? []);
}

function waitingOrRunning(progress: TurnProgress): TurnProgress {
  if (progress.end) return progress;
  return { ...progress, state: progress.inputs.length > 0 ? 'waiting' : 'running' };
}

function endState(end: TurnEndEvent): TurnState {
  switch (end.type) {
    case 'turn_completed':
      return end.status;
    case 'turn_failed':
      return 'failed';
    case 'turn_cancelled':
      return 'cancelled';
  }
}
