/** What a reader has to be told when the run that it followed was reset. Pure. */
import type { Step, TurnProgress } from '../events/progress.js';
import type { TurnEvent } from '../events/turn-event.js';

const RESET = { code: 'workflow_reset', message: 'The workflow was reset to a point before this.' } as const;

/**
 * From what was shown to what stands at the fork: steps that had not ended there are void, questions that were
 * not asked there are withdrawn. What was open at the fork starts again, by the events that had told it.
 */
export function eventsOfReset(shown: TurnProgress, fork: Fork, at: string): readonly TurnEvent[] {
  const { turn_id } = shown;
  const stands = new Set(fork.progress.steps.filter(isOver).map(({ step_id }) => step_id));
  const void_ = shown.steps.filter((step) => step.state !== 'superseded' && !stands.has(step.step_id));
  return [
    ...shown.inputs.map(({ input_id }): TurnEvent => {
      return { type: 'input_resolved', turn_id, input_id, decision: 'cancelled', at };
    }),
    ...void_.map((step): TurnEvent => {
      const { step_id, step_type } = step;
      const may_have_run = step_type === 'tool_execution';
      const was_completed = isOver(step);
      return {
        type: 'step_superseded',
        ...{ turn_id, step_id, step_type, at, was_completed, may_have_run, reason: RESET },
      };
    }),
    ...fork.open,
  ];
}

/** How the turn stood at the last event that both runs have. */
export interface Fork {
  readonly progress: TurnProgress;
  /** The events that told what was open there. */
  readonly open: readonly TurnEvent[];
}

/** Of everything that was told up to the fork: what speaks of steps and questions that were open there. */
export function openAt(progress: TurnProgress, told: readonly TurnEvent[]): Fork {
  const steps = new Set(progress.steps.filter((step) => !isOver(step)).map(({ step_id }) => step_id));
  const inputs = new Set(progress.inputs.map(({ input_id }) => input_id));
  const open = told.filter((event) => {
    switch (event.type) {
      case 'step_started':
      case 'step_progress':
        return steps.has(event.step_id);
      case 'input_required':
        return inputs.has(event.input_id);
      default:
        return false;
    }
  });
  return { progress, open };
}

function isOver({ state }: Step): boolean {
  return state !== 'running';
}
