/** One step of the timeline: the frame around what the model or a tool did. */
import type { ComponentChildren } from 'preact';
import type { OpenInput, Step } from '../../events/progress.js';
import type { Decided } from '../feed/decisions.js';
import { Icon } from './icon.js';
import { InferenceBody, InferenceMeta } from './inference.js';
import { memo } from './memo.js';
import { Question } from './question.js';
import { Status } from './status.js';
import { Elapsed } from './time.js';
import { ToolBody, ToolBadges } from './tool.js';
import { ErrorNote } from './error-note.js';
import { tokens, toneOf } from '../view/format.js';

interface StepProps {
  readonly turnId: string;
  readonly step: Step;
  /** What it asks and nobody has answered yet; keep the same list while it is the same. */
  readonly inputs: readonly OpenInput[];
  readonly decided: readonly Decided[];
  readonly closed: boolean;
  readonly onToggle: (stepId: string) => void;
}

export const StepRow = memo(function StepRow(props: StepProps) {
  const { turnId, step, inputs, decided, closed, onToggle } = props;
  const waits = inputs.length > 0;
  const name = step.step_type === 'inference' ? 'Model' : step.tool_name;
  const bodyId = `body-${step.step_id}`;
  return (
    <li
      class="step"
      data-type={step.step_type}
      data-tone={waits ? 'attention' : toneOf(step.state)}
      data-state={step.state}
    >
      <Node step={step} waits={waits} />
      <article aria-label={`Step ${step.number}: ${name}, ${waits ? 'waiting' : step.state}`}>
        <header class="step-head">
          <h3>
            <button
              type="button"
              class="step-toggle"
              data-step
              aria-expanded={!closed}
              aria-controls={bodyId}
              onClick={() => onToggle(step.step_id)}
            >
              <span class="step-number num">{step.number}</span>
              <span class="step-name">{name}</span>
              <Icon name="chevron" />
            </button>
          </h3>
          {step.step_type === 'inference' ? <InferenceMeta step={step} /> : <ToolBadges step={step} />}
          <span class="spacer" />
          {waits ? (
            <Status state="waiting" />
          ) : step.state === 'completed' ? null : (
            <Status state={step.state} />
          )}
          {step.step_type === 'inference' && step.usage ? (
            <span class="step-time step-tokens num">{tokens(step.usage)}</span>
          ) : null}
          <span class="step-time">
            <Elapsed from={step.started_at} to={step.ended_at} />
          </span>
        </header>
        <div id={bodyId} class="step-body" hidden={closed}>
          {closed ? null : (
            <Body>
              {step.step_type === 'inference' ? (
                <InferenceBody step={step} />
              ) : (
                <ToolBody step={step} asked={waits} />
              )}
              {decided.map((decision) => (
                <DecidedLine key={decision.input_id} decision={decision} />
              ))}
              {step.error ? <ErrorNote error={step.error} /> : null}
            </Body>
          )}
        </div>
        {inputs.map((input) => (
          <Question key={input.input_id} turnId={turnId} input={input} />
        ))}
      </article>
    </li>
  );
});

function Body({ children }: { children: ComponentChildren }) {
  return <>{children}</>;
}

function Node({ step, waits }: { step: Step; waits: boolean }) {
  const tone = waits ? 'attention' : toneOf(step.state);
  const icon = step.step_type === 'inference' ? 'model' : step.server_side ? 'server' : 'tool';
  return (
    <span
      class="step-node"
      data-tone={tone}
      data-live={step.state === 'running' && !waits}
      aria-hidden="true"
    >
      <Icon name={waits ? 'question' : tone === 'bad' ? 'cross' : icon} />
    </span>
  );
}

const DECISIONS: Readonly<Record<Decided['decision'], string>> = {
  approve: 'Approved',
  deny: 'Denied',
  output: 'Output given',
  error: 'Reported as failed',
  timeout: 'Nobody answered in time',
  cancelled: 'No longer asked',
};

function DecidedLine({ decision }: { decision: Decided }) {
  const { by, reason } = decision;
  return (
    <p class="decided" data-decision={decision.decision}>
      <strong>{DECISIONS[decision.decision]}</strong>
      {by === undefined ? null : ` by ${by}`}
      {reason === undefined ? null : <>: {reason}</>}
    </p>
  );
}
