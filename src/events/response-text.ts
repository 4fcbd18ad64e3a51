/** The text of one response of a turn: that of its inference steps, in order. */
import type { TurnProgress } from './progress.js';
import { responseOfStep } from './step-id.js';

export function responseText(progress: TurnProgress, response: number): string {
  return progress.steps
    .map((step) =>
      step.step_type === 'inference' &&
      step.state !== 'superseded' &&
      responseOfStep(step.step_id) === response
        ? step.text
        : '',
    )
    .join('');
}
