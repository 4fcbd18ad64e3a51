/**
 * The fold of a turn as rows for people. A row keeps the step object of the fold, which stays the same object
 * as long as the step does: what did not change is not drawn again.
 */
import type { OpenInput, Step, TurnProgress } from '../../events/progress.js';
import type { SupersedeReason } from '../../events/turn-event.js';

export type Row =
  | { readonly kind: 'step'; readonly key: string; readonly step: Step }
  | {
      readonly kind: 'superseded';
      readonly key: string;
      readonly steps: readonly Step[];
      readonly reason: SupersedeReason;
    };

export interface Timeline {
  readonly rows: readonly Row[];
  /** Rows before these that are not drawn. */
  readonly hidden: number;
  /** Questions of steps that no row shows: asked before their step, or of a step that was superseded. */
  readonly strayInputs: readonly OpenInput[];
}

const UNKNOWN_REASON: SupersedeReason = { code: 'superseded', message: 'The work was done again.' };

/** @param most The newest so many rows. */
export function timelineOf(progress: TurnProgress, most: number): Timeline {
  const all: Row[] = [];
  for (const step of progress.steps) {
    const last = all.at(-1);
    if (step.state !== 'superseded') all.push({ kind: 'step', key: step.step_id, step });
    else if (last?.kind === 'superseded' && sameAttempt(last.reason, step)) {
      all[all.length - 1] = { ...last, steps: [...last.steps, step] };
    } else {
      const reason = step.reason ?? UNKNOWN_REASON;
      all.push({ kind: 'superseded', key: step.step_id, steps: [step], reason });
    }
  }
  const rows = all.slice(-most);
  const shown = new Set(rows.map(({ key }) => key));
  return {
    rows,
    hidden: all.length - rows.length,
    strayInputs: progress.inputs.filter(({ step_id }) => !shown.has(step_id)),
  };
}

/** Steps that fell for the same reason are told once. */
function sameAttempt(reason: SupersedeReason, step: Step): boolean {
  return step.reason?.code === reason.code && step.reason.message === reason.message;
}

/** Whether a row is the same as before, so that it need not be drawn again. */
export function sameRow(a: Row, b: Row): boolean {
  if (a.kind === 'step') return b.kind === 'step' && a.step === b.step;
  if (b.kind !== 'superseded' || a.steps.length !== b.steps.length) return false;
  return a.steps.every((step, index) => step === b.steps[index]);
}

/** What the turn has come to, in one sentence for a screen reader. */
export function spoken(progress: TurnProgress): string {
  const [input] = progress.inputs;
  if (input) {
    return input.kind === 'approval'
      ? `${input.tool_name} needs your approval.`
      : `${input.tool_name} waits for its output.`;
  }
  const { end } = progress;
  if (end) {
    if (end.type === 'turn_completed') return `Turn ${progress.state}. ${brief(end.final_text)}`;
    return end.type === 'turn_failed' ? `Turn failed. ${end.error.message}` : 'Turn cancelled.';
  }
  const step = progress.steps.findLast(({ state }) => state === 'running');
  if (!step) return 'Turn running.';
  return step.step_type === 'inference'
    ? `Step ${step.number}: the model is answering.`
    : `Step ${step.number}: ${step.tool_name} is running.`;
}

const SPOKEN_CHARACTERS = 600;

function brief(text: string): string {
  return text.length > SPOKEN_CHARACTERS ? `${text.slice(0, SPOKEN_CHARACTERS)} …` : text;
}

/** Questions by the step that asks them. */
export function byStep(inputs: readonly OpenInput[]): ReadonlyMap<string, readonly OpenInput[]> {
  const found = new Map<string, readonly OpenInput[]>();
  for (const input of inputs) found.set(input.step_id, [...(found.get(input.step_id) ?? []), input]);
  return found;
}
