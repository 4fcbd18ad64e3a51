/** Steps of an attempt that was lost: struck out, with the reason, and closed. */
import type { Step } from '../../events/progress.js';
import type { SupersedeReason } from '../../events/turn-event.js';
import { counted } from '../view/format.js';
import { Icon } from './icon.js';
import { memo } from './memo.js';
import { Elapsed } from './time.js';

interface SupersededProps {
  readonly steps: readonly Step[];
  readonly reason: SupersedeReason;
}

export const SupersededRow = memo(
  function SupersededRow({ steps, reason }: SupersededProps) {
    return (
      <li class="step superseded" data-tone="quiet" data-state="superseded">
        <span class="step-node" data-tone="quiet" aria-hidden="true">
          <Icon name="redo" />
        </span>
        <details>
          <summary>
            <s>{steps.length === 1 ? nameOf(steps[0]) : counted(steps.length, 'step')}</s> superseded
            <span class="quiet"> · {reason.message}</span>
          </summary>
          <ul>
            {steps.map((step) => (
              <li key={step.step_id}>
                <s>{nameOf(step)}</s>{' '}
                <span class="quiet">
                  after <Elapsed from={step.started_at} to={step.ended_at ?? step.started_at} />
                  {step.step_type === 'inference' ? `, attempt ${step.attempt}` : ''}
                </span>
              </li>
            ))}
            <li class="quiet">
              Reason: <code>{reason.code}</code>. What these steps said is void; the work was done again.
            </li>
          </ul>
        </details>
      </li>
    );
  },
  (before, after) =>
    before.steps.length === after.steps.length &&
    before.steps.every((step, index) => step === after.steps[index]),
);

const nameOf = (step: Step | undefined): string =>
  step?.step_type === 'tool_execution' ? step.tool_name : 'Model';
