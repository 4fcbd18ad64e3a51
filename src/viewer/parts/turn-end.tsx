/** How a turn ended. */
import type { ToolCall, TurnEndEvent } from '../../events/turn-event.js';
import { between, counted, duration, stopReason } from '../view/format.js';
import { prettyValue } from '../view/json-text.js';
import { Code } from './code.js';
import { ErrorNote } from './error-note.js';

interface TurnEndProps {
  readonly end: TurnEndEvent;
  readonly startedAt: string | undefined;
}

export function TurnEnd({ end, startedAt }: TurnEndProps) {
  const took = startedAt === undefined ? '' : ` after ${duration(between(startedAt, end.at))}`;
  const steps = counted(end.num_steps, 'step');
  return (
    <section class="turn-end" aria-label="End of the turn" data-tone={toneOf(end)}>
      <h2>
        {titleOf(end)}
        <span class="quiet num">
          {took}, {steps}
        </span>
      </h2>
      {end.type === 'turn_failed' ? <ErrorNote error={end.error} /> : null}
      {end.type === 'turn_completed' && end.status === 'incomplete' ? (
        <p class="quiet">It stopped before the model was done: {stopReason(end.stop_reason)}.</p>
      ) : null}
      {end.type === 'turn_completed' && end.final_output !== undefined ? (
        <div class="field">
          <p class="field-name">Output</p>
          <Code text={prettyValue(end.final_output)} label="output of the turn" />
        </div>
      ) : null}
      {end.open_calls ? <OpenCalls calls={end.open_calls} /> : null}
    </section>
  );
}

function OpenCalls({ calls }: { calls: readonly ToolCall[] }) {
  if (calls.length === 0) return null;
  return (
    <p class="calls quiet">
      {calls.length === 1 ? 'One call was' : `${calls.length} calls were`} never answered:{' '}
      {calls.map(({ tool_name }, index) => (
        <code key={index}>{tool_name}</code>
      ))}
    </p>
  );
}

function titleOf(end: TurnEndEvent): string {
  switch (end.type) {
    case 'turn_completed':
      return end.status === 'completed' ? 'Completed' : 'Incomplete';
    case 'turn_failed':
      return 'Failed';
    case 'turn_cancelled':
      return 'Cancelled';
  }
}

function toneOf(end: TurnEndEvent): string {
  switch (end.type) {
    case 'turn_completed':
      return end.status === 'completed' ? 'good' : 'attention';
    case 'turn_failed':
      return 'bad';
    case 'turn_cancelled':
      return 'quiet';
  }
}
