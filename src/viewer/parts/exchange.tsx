/** What was said in a session, and the turn that answers it. */
import { useMemo } from 'preact/hooks';
import type { TurnProgress } from '../../events/progress.js';
import type { Message } from '../feed/messages.js';
import { useInputs } from '../feed/inputs.js';
import { turnHref } from '../route.js';
import { partsOf } from '../view/chat.js';
import type { Exchange } from '../view/chat.js';
import { between, counted, duration } from '../view/format.js';
import { saidOf, withoutRepeats } from '../view/said.js';
import { byStep, sameRow, timelineOf } from '../view/timeline.js';
import type { Row } from '../view/timeline.js';
import { ErrorNote } from './error-note.js';
import { Icon } from './icon.js';
import { InferenceBody } from './inference.js';
import { memo } from './memo.js';
import { Prose } from './prose.js';
import { Question } from './question.js';
import { SaidPieces } from './said.js';
import { Status } from './status.js';
import { SupersededRow } from './superseded.js';
import { Elapsed } from './time.js';
import { ToolBadges, ToolBody } from './tool.js';

/** Rows of one turn that are drawn in a chat; its own page has them all. */
const MOST_ROWS = 40;

export const ExchangeView = memo(
  function ExchangeView({ exchange }: { exchange: Exchange }) {
    const { turnId, messages, progress, repeats } = exchange;
    const joined = messages.filter(({ turn_id }) => turn_id !== turnId);
    return (
      <article class="exchange" aria-label={`Turn ${turnId}`}>
        <SaidBy turnId={turnId} repeats={repeats} />
        {progress ? (
          <Answer progress={progress} joined={joined} />
        ) : (
          <p class="answer-foot">
            <Status state="queued" />
          </p>
        )}
      </article>
    );
  },
  (before, after) =>
    before.exchange.progress === after.exchange.progress &&
    before.exchange.messages.length === after.exchange.messages.length &&
    before.exchange.repeats.length === after.exchange.repeats.length,
);

interface SaidByProps {
  /** The turn that the message is, or would have been. */
  readonly turnId: string;
  readonly repeats: readonly string[];
  /** It joined a turn that ran. */
  readonly joined?: true;
}

function SaidBy({ turnId, repeats, joined }: SaidByProps) {
  const [given, ...before] = useInputs([turnId, ...repeats]);
  if (given === 'none') return null;
  const known = before.flatMap((other) =>
    other === undefined || other === 'none' ? [] : saidOf(other.input),
  );
  return (
    <div class="said">
      <h3 class="hidden">Message</h3>
      {given === undefined ? (
        <p class="quiet">…</p>
      ) : (
        <SaidPieces pieces={withoutRepeats(saidOf(given.input), known)} />
      )}
      {joined ? <p class="quiet">joined the turn that ran</p> : null}
    </div>
  );
}

function Answer({ progress, joined }: { progress: TurnProgress; joined: readonly Message[] }) {
  const { end, inputs, turn_id, started_at } = progress;
  const { rows, hidden, strayInputs } = useMemo(() => timelineOf(progress, MOST_ROWS), [progress]);
  const questions = byStep(inputs);
  const usage = end?.usage ?? progress.usage;
  return (
    <div class="answer">
      <h3 class="hidden">Answer of {progress.agent ?? 'the agent'}</h3>
      {hidden > 0 ? <a href={turnHref(turn_id)}>{counted(hidden, 'earlier row')}</a> : null}
      {partsOf(rows, joined).map((part) =>
        part.kind === 'joined' ? (
          <SaidBy key={part.message.message_id} turnId={part.message.turn_id} repeats={NONE} joined />
        ) : (
          <div key={part.row.key} class="answer-row">
            <RowView row={part.row} waits={questions.has(part.row.key)} />
            {questions.get(part.row.key)?.map((input) => (
              <Question key={input.input_id} turnId={turn_id} input={input} />
            ))}
          </div>
        ),
      )}
      {strayInputs.map((input) => (
        <Question key={input.input_id} turnId={turn_id} input={input} />
      ))}
      {end?.type === 'turn_failed' ? <ErrorNote error={end.error} /> : null}
      <p class="answer-foot">
        {progress.state === 'completed' ? null : <Status state={progress.state} />}
        {end && started_at !== undefined ? (
          <span class="num">{duration(between(started_at, end.at))}</span>
        ) : null}
        {usage.total_tokens > 0 ? <span class="num">{counted(usage.total_tokens, 'token')}</span> : null}
        <a href={turnHref(turn_id)}>Open the turn</a>
      </p>
    </div>
  );
}

const NONE: readonly string[] = [];

const RowView = memo(
  function RowView({ row, waits }: { row: Row; waits: boolean }) {
    if (row.kind === 'superseded') {
      return (
        <ul class="bare">
          <SupersededRow steps={row.steps} reason={row.reason} />
        </ul>
      );
    }
    const { step } = row;
    if (step.step_type === 'inference') {
      // In a chat the words count; calls show as the tools that they become.
      if (
        step.state !== 'running' &&
        step.reasoning.length === 0 &&
        step.refusal === undefined &&
        !step.error
      ) {
        return step.text === '' ? null : <Prose text={step.text} />;
      }
      return (
        <div class="answer-step">
          <InferenceBody step={step} />
          {step.error ? <ErrorNote error={step.error} /> : null}
        </div>
      );
    }
    return (
      <details class="call" data-state={step.state}>
        <summary>
          <Icon name="chevron" />
          <code>{step.tool_name}</code>
          <ToolBadges step={step} />
          <span class="spacer" />
          {waits ? (
            <Status state="waiting" />
          ) : step.state === 'completed' ? null : (
            <Status state={step.state} />
          )}
          <span class="step-time">
            <Elapsed from={step.started_at} to={step.ended_at} />
          </span>
        </summary>
        <ToolBody step={step} asked={waits} />
        {step.error ? <ErrorNote error={step.error} /> : null}
      </details>
    );
  },
  (before, after) => before.waits === after.waits && sameRow(before.row, after.row),
);
