/** Who decided what: the fold forgets a question once it is answered, people want to read it afterwards. */
import type { InputKind, InputResolved, TurnEvent } from '../../events/turn-event.js';

export interface Decided extends Pick<InputResolved, 'input_id' | 'decision' | 'by' | 'reason' | 'at'> {
  readonly kind: InputKind;
  readonly tool_name: string;
}

interface Question {
  readonly step_id: string;
  readonly kind: InputKind;
  readonly tool_name: string;
}

export class Decisions {
  readonly #questions = new Map<string, Question>();
  readonly #byStep = new Map<string, readonly Decided[]>();

  take(event: TurnEvent): void {
    if (event.type === 'input_required') {
      const { input_id, step_id, kind, tool_name } = event;
      this.#questions.set(input_id, { step_id, kind, tool_name });
    }
    if (event.type !== 'input_resolved') return;
    const question = this.#questions.get(event.input_id);
    if (!question) return;
    const { step_id, kind, tool_name } = question;
    const { type: _type, turn_id: _turn, ...resolved } = event;
    const before = this.#byStep.get(step_id) ?? NONE;
    this.#byStep.set(step_id, [...before, { ...resolved, kind, tool_name }]);
  }

  /** Of one step, oldest first; the same list as long as nothing new was decided. */
  of(stepId: string): readonly Decided[] {
    return this.#byStep.get(stepId) ?? NONE;
  }
}

const NONE: readonly Decided[] = [];
