/** The steps of a turn from its start to its end. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { OpenInput, TurnProgress } from '../../events/progress.js';
import type { Decisions } from '../feed/decisions.js';
import { counted } from '../view/format.js';
import { byStep, timelineOf } from '../view/timeline.js';
import { Question } from './question.js';
import { Asked } from './said.js';
import { StepRow } from './step.js';
import { SupersededRow } from './superseded.js';
import { TurnEnd } from './turn-end.js';

/** Rows that are drawn at first; a turn may have thousands. Each further time it is twice as many. */
const MOST_ROWS = 150;

interface TimelineProps {
  readonly progress: TurnProgress;
  readonly decisions: Decisions;
}

export function TimelineView({ progress, decisions }: TimelineProps) {
  const [most, setMost] = useState(MOST_ROWS);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const inputsOf = useInputsByStep(progress.inputs);
  const { rows, hidden, strayInputs } = useMemo(
    () => timelineOf(progress, most),
    [progress.steps, progress.inputs, most],
  );
  const toggle = useCallback((stepId: string): void => {
    setClosed((before) => {
      const after = new Set(before);
      if (!after.delete(stepId)) after.add(stepId);
      return after;
    });
  }, []);
  const toggleable = rows.flatMap((row) => (row.kind === 'step' ? row.key : []));
  const allClosed = toggleable.length > 0 && toggleable.every((key) => closed.has(key));
  return (
    <>
      <Asked turnId={progress.turn_id} />
      {toggleable.length > 1 ? (
        <p class="timeline-tools">
          <button type="button" class="link" onClick={() => setClosed(new Set(allClosed ? [] : toggleable))}>
            {allClosed ? 'Open all steps' : 'Close all steps'}
          </button>
        </p>
      ) : null}
      {hidden > 0 ? (
        <button type="button" class="link earlier" onClick={() => setMost(2 * most)}>
          Show earlier steps ({counted(hidden, 'row')})
        </button>
      ) : null}
      <ol class="timeline">
        {rows.map((row) =>
          row.kind === 'step' ? (
            <StepRow
              key={row.key}
              turnId={progress.turn_id}
              step={row.step}
              inputs={inputsOf(row.key)}
              decided={decisions.of(row.key)}
              closed={closed.has(row.key)}
              onToggle={toggle}
            />
          ) : (
            <SupersededRow key={row.key} steps={row.steps} reason={row.reason} />
          ),
        )}
      </ol>
      {strayInputs.map((input) => (
        <Question key={input.input_id} turnId={progress.turn_id} input={input} />
      ))}
      {rows.length === 0 && !progress.end ? (
        <p class="empty">Nothing has happened yet. The turn waits for a worker.</p>
      ) : null}
      {progress.end ? <TurnEnd end={progress.end} startedAt={progress.started_at} /> : null}
    </>
  );
}

const NONE: readonly OpenInput[] = [];

/** The same list for a step as long as its questions are the same, so that its row need not be drawn again. */
function useInputsByStep(inputs: readonly OpenInput[]): (stepId: string) => readonly OpenInput[] {
  const found = useMemo(() => byStep(inputs), [inputs]);
  return (stepId) => found.get(stepId) ?? NONE;
}

/** Moves the focus to the step after or before the one that has it. */
export function moveBetweenSteps(by: 1 | -1): void {
  const steps = [...document.querySelectorAll<HTMLElement>('[data-step]')];
  const at = steps.findIndex((step) => step === document.activeElement);
  const next = at < 0 ? (by === 1 ? 0 : steps.length - 1) : Math.min(steps.length - 1, Math.max(0, at + by));
  steps[next]?.focus();
  steps[next]?.scrollIntoView({ block: 'nearest' });
}
