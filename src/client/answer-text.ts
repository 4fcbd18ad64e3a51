/** The answer's text alone, as it grows: for those who want nothing else. Pure. */
import { responseOfStep } from '../events/step-id.js';
import type { TurnEvent } from '../events/turn-event.js';

/** A piece of the answer. */
export interface TextChunk {
  /** Goes behind the pieces before it, unless `reset` is set. */
  readonly text: string;
  /** true: what was said before is void, or was not the answer; start again with `text`. */
  readonly reset?: true;
}

/** The answer is the text of the newest response; with it, what earlier responses said is no longer the answer. */
export class AnswerText {
  #response = 0;
  readonly #texts = new Map<string, string>();

  take(event: TurnEvent): TextChunk | undefined {
    switch (event.type) {
      case 'step_started': {
        const response = responseOfStep(event.step_id);
        if (event.step_type !== 'inference' || response <= this.#response) return undefined;
        this.#response = response;
        return this.#change(() => this.#texts.clear());
      }
      case 'step_progress':
        if (event.delta.type !== 'text' || responseOfStep(event.step_id) !== this.#response) return undefined;
        this.#texts.set(event.step_id, (this.#texts.get(event.step_id) ?? '') + event.delta.text);
        return { text: event.delta.text };
      case 'step_completed': {
        if (event.step_type !== 'inference' || responseOfStep(event.step_id) !== this.#response)
          return undefined;
        const { text_content } = event.result;
        return this.#change(() => this.#texts.set(event.step_id, text_content));
      }
      case 'step_superseded':
        return this.#change(() => {
          this.#texts.delete(event.step_id);
          // After a reset even an earlier response may be the newest one.
          if (this.#texts.size === 0)
            this.#response = Math.min(this.#response, responseOfStep(event.step_id) - 1);
        });
      case 'turn_completed':
        return this.#change(() => {
          this.#texts.clear();
          this.#texts.set('', event.final_text);
        });
      default:
        return undefined;
    }
  }

  #change(change: () => void): TextChunk | undefined {
    const before = this.#all();
    change();
    const after = this.#all();
    if (after === before) return undefined;
    return after.startsWith(before) ? { text: after.slice(before.length) } : { text: after, reset: true };
  }

  #all(): string {
    return [...this.#texts.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, text]) => text)
      .join('');
  }
}
