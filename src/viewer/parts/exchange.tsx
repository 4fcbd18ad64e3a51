/** What was said in a session, and the turn that answers it. */
import { useMemo } from 'preact/hooks';
import type { TurnProgress } from '../../events/progress.js';
import type { Message } from '../feed/messages.js';
import { promptOf } from '../feed/prompts.js';
import { turnHref } from '../route.js';
import type { Exchange } from '../view/chat.js';
import { between, counted, duration } from '../view/format.js';
import { byStep, sameRow, timelineOf } from '../view/timeline.js';
import type { Row } from '../view/timeline.js';
import { ErrorNote } from './error-note.js';
import { Icon } from './icon.js';
import { InferenceBody } from './inference.js';
import { memo } from './memo.js';
import { Prose } from './prose.js';
import { Question } from './question.js';
import { Status } from './status.js';
import { SupersededRow } from './superseded.js';
import { Elapsed } from './time.js';
import { ToolBadges, ToolBody } from './tool.js';

/** Rows of one turn that are drawn in a chat; its own page has them all. */
const MOST_ROWS = 40;

export const ExchangeView = memo(
  function ExchangeView({ exchange }: { exchange: Exchange }) {
    const { turnId, messages, progress } = exchange;
    return (
      <article class="exchange" aria-label={`Turn ${turnId}`}>
        {messages.map((message) => (
          <Said key={message.message_id} message={message} turnId={turnId} />
        ))}
        {progress ? (
          <Answer progress={progress} />
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
    before.exchange.messages.length === after.exchange.messages.length,
);

/** Events do not tell what was said: this tab knows what was sent from it. */
function Said({ message, turnId }: { message: Message; turnId: string }) {
  const prompt = promptOf(message.turn_id);
  return (
    <div class="said">
      <h3 class="hidden">Message</h3>
      {prompt === undefined ? (
        <p class="quiet">
          Sent from elsewhere · <code>{message.message_id}</code>
        </p>
      ) : (
        <p>{prompt}</p>
      )}
      {message.turn_id === turnId ? null : <p class="quiet">joined the turn that ran</p>}
    </div>
  );
}

function Answer({ progress }: { progress: TurnProgress }) {
  const { end, inputs, turn_id, started_at } = progress;
  const { rows, hidden, strayInputs } = useMemo(() => timelineOf(progress, MOST_ROWS), [progress]);
  const questions = byStep(inputs);
  const usage = end?.usage ?? progress.usage;
  return (
    <div class="answer">
      <h3 class="hidden">Answer of {progress.agent ?? 'the agent'}</h3>
      {hidden > 0 ? <a href={turnHref(turn_id)}>{counted(hidden, 'earlier row')}</a> : null}
      {rows.map((row) => (
        <div key={row.key} class="answer-row">
          <RowView row={row} waits={questions.has(row.key)} />
          {questions.get(row.key)?.map((input) => (
            <Question key={input.input_id} turnId={turn_id} input={input} />
          ))}
        </div>
      ))}
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
