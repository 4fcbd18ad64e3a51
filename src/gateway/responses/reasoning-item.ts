/** What one inference step shows of its reasoning, as an item that grows. */
import type { ResponseReasoningItem } from 'openai/resources/responses/responses';
import type { ReasoningKind, ReasoningText } from '../../events/turn-event.js';
import type { Say } from './wire-event.js';

export class ReasoningItem {
  readonly #at: { readonly item_id: string; readonly output_index: number };
  readonly #say: Say;
  /** One part of each kind, as far as it was said. */
  readonly #said: Partial<Record<ReasoningKind, string>> = {};
  #status: NonNullable<ResponseReasoningItem['status']> = 'in_progress';

  constructor(id: string, index: number, say: Say) {
    this.#at = { item_id: id, output_index: index };
    this.#say = say;
    say({ type: 'response.output_item.added', output_index: index, item: this.item });
  }

  get item(): ResponseReasoningItem {
    const { summary, text } = this.#said;
    return {
      id: this.#at.item_id,
      type: 'reasoning',
      status: this.#status,
      summary: summary === undefined ? [] : [{ type: 'summary_text', text: summary }],
      ...(text === undefined ? {} : { content: [{ type: 'reasoning_text', text }] }),
    };
  }

  think(kind: ReasoningKind, delta: string): void {
    const at = this.#at;
    if (kind === 'summary') {
      if (this.#said.summary === undefined) {
        const part = { type: 'summary_text', text: '' } as const;
        this.#say({ type: 'response.reasoning_summary_part.added', ...at, summary_index: 0, part });
      }
      this.#say({ type: 'response.reasoning_summary_text.delta', ...at, summary_index: 0, delta });
    } else {
      if (this.#said.text === undefined) {
        const part = { type: 'reasoning_text', text: '' } as const;
        this.#say({ type: 'response.content_part.added', ...at, content_index: 0, part });
      }
      this.#say({ type: 'response.reasoning_text.delta', ...at, content_index: 0, delta });
    }
    this.#said[kind] = (this.#said[kind] ?? '') + delta;
  }

  /** What the step has come to, which may be more, or other words, than its deltas said. */
  close(reasoning: readonly ReasoningText[], status: 'completed' | 'incomplete'): void {
    for (const kind of ['summary', 'text'] as const) {
      const whole = textOf(reasoning, kind);
      const before = this.#said[kind] ?? '';
      if (whole !== before && whole.startsWith(before)) this.think(kind, whole.slice(before.length));
      if (this.#said[kind] === undefined) continue;
      this.#said[kind] = whole;
      this.#sayPartDone(kind, whole);
    }
    this.#end(status);
  }

  /** Nothing of it counts any more; see MessageItem. */
  void(): void {
    delete this.#said.summary;
    delete this.#said.text;
    if (this.#status === 'in_progress') this.#end('incomplete');
    this.#status = 'incomplete';
  }

  #sayPartDone(kind: ReasoningKind, text: string): void {
    const at = this.#at;
    if (kind === 'summary') {
      const part = { type: 'summary_text', text } as const;
      this.#say({ type: 'response.reasoning_summary_text.done', ...at, summary_index: 0, text });
      this.#say({ type: 'response.reasoning_summary_part.done', ...at, summary_index: 0, part });
    } else {
      const part = { type: 'reasoning_text', text } as const;
      this.#say({ type: 'response.reasoning_text.done', ...at, content_index: 0, text });
      this.#say({ type: 'response.content_part.done', ...at, content_index: 0, part });
    }
  }

  #end(status: 'completed' | 'incomplete'): void {
    this.#status = status;
    const { output_index } = this.#at;
    this.#say({ type: 'response.output_item.done', output_index, item: this.item });
  }
}

function textOf(reasoning: readonly ReasoningText[], kind: ReasoningKind): string {
  return reasoning.map((part) => (part.kind === kind ? part.text : '')).join('');
}
