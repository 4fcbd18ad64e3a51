/** The text of one inference step as a message that grows, with the stream events that tell it. */
import type {
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
} from 'openai/resources/responses/responses';
import type { JsonObject } from '../../events/json.js';
import type { Say } from './wire-event.js';

export interface MessageEnd {
  readonly text: string;
  readonly refusal?: string | undefined;
  readonly annotations?: readonly JsonObject[] | undefined;
  readonly status: 'completed' | 'incomplete';
  readonly phase?: 'commentary' | 'final_answer';
}

export class MessageItem {
  readonly #at: { readonly item_id: string; readonly output_index: number };
  readonly #say: Say;
  /** At most one of each kind, in the order in which they opened. */
  readonly #parts: (ResponseOutputText | ResponseOutputRefusal)[] = [];
  #status: ResponseOutputMessage['status'] = 'in_progress';
  #phase: MessageEnd['phase'];

  constructor(id: string, index: number, say: Say) {
    this.#at = { item_id: id, output_index: index };
    this.#say = say;
    say({ type: 'response.output_item.added', output_index: index, item: this.item });
  }

  get item(): ResponseOutputMessage {
    return {
      id: this.#at.item_id,
      type: 'message',
      role: 'assistant',
      status: this.#status,
      content: structuredClone(this.#parts),
      ...(this.#phase ? { phase: this.#phase } : {}),
    };
  }

  text(delta: string): void {
    const [part, content_index] = this.#part('output_text');
    part.text += delta;
    this.#say({ type: 'response.output_text.delta', ...this.#at, content_index, delta, logprobs: [] });
  }

  refusal(delta: string): void {
    const [part, content_index] = this.#part('refusal');
    part.refusal += delta;
    this.#say({ type: 'response.refusal.delta', ...this.#at, content_index, delta });
  }

  annotate(annotation: JsonObject): void {
    const [part, content_index] = this.#part('output_text');
    const annotation_index = part.annotations.length;
    part.annotations.push(asAnnotation(annotation));
    const type = 'response.output_text.annotation.added';
    this.#say({ type, ...this.#at, content_index, annotation_index, annotation });
  }

  /** What the step has come to, which may be more, or other words, than its deltas said. */
  close({ text, refusal, annotations, status, phase }: MessageEnd): void {
    this.#complete(
      'output_text',
      text,
      (part) => part.text,
      (rest) => this.text(rest),
    );
    if (refusal !== undefined) {
      this.#complete(
        'refusal',
        refusal,
        (part) => part.refusal,
        (rest) => this.refusal(rest),
      );
    }
    for (const [content_index, part] of this.#parts.entries()) {
      if (part.type === 'output_text') {
        part.text = text;
        if (annotations) part.annotations = annotations.map(asAnnotation);
        this.#say({ type: 'response.output_text.done', ...this.#at, content_index, text, logprobs: [] });
      } else {
        part.refusal = refusal ?? part.refusal;
        this.#say({ type: 'response.refusal.done', ...this.#at, content_index, refusal: part.refusal });
      }
      this.#say({ type: 'response.content_part.done', ...this.#at, content_index, part: { ...part } });
    }
    this.#end(status, phase);
  }

  /**
   * Nothing of it counts any more. It keeps its place, so that the indexes of the others stay what they were. One that
   * was done is not done again, which readers stumble over: that it is void stands in the response of the end.
   */
  void(): void {
    this.#parts.length = 0;
    if (this.#status === 'in_progress') this.#end('incomplete', undefined);
    this.#status = 'incomplete';
    this.#phase = undefined;
  }

  #end(status: 'completed' | 'incomplete', phase: MessageEnd['phase']): void {
    this.#status = status;
    this.#phase = phase;
    const { output_index } = this.#at;
    this.#say({ type: 'response.output_item.done', output_index, item: this.item });
  }

  /** Says the rest of a text of which the deltas were the beginning. */
  #complete<K extends Part['type']>(
    kind: K,
    whole: string,
    said: (part: PartOf<K>) => string,
    say: (rest: string) => void,
  ): void {
    const part = this.#find(kind);
    const before = part ? said(part) : '';
    if (whole !== before && whole.startsWith(before)) say(whole.slice(before.length));
  }

  #part<K extends Part['type']>(kind: K): [PartOf<K>, number] {
    const found = this.#find(kind);
    if (found) return [found, this.#parts.indexOf(found)];
    const opened = newPart(kind);
    this.#parts.push(opened);
    const content_index = this.#parts.length - 1;
    this.#say({ type: 'response.content_part.added', ...this.#at, content_index, part: newPart(kind) });
    return [opened, content_index];
  }

  #find<K extends Part['type']>(kind: K): PartOf<K> | undefined {
    return this.#parts.find((part): part is PartOf<K> => part.type === kind);
  }
}

type Part = ResponseOutputText | ResponseOutputRefusal;
type PartOf<K extends Part['type']> = Extract<Part, { type: K }>;

function newPart<K extends Part['type']>(kind: K): PartOf<K> {
  const parts: { readonly [T in Part['type']]: PartOf<T> } = {
    output_text: { type: 'output_text', text: '', annotations: [], logprobs: [] },
    refusal: { type: 'refusal', refusal: '' },
  };
  return parts[kind];
}

/** The server's own annotation, passed on as it was: the SDK's types are a closed union, servers send more. */
function asAnnotation(annotation: JsonObject): ResponseOutputText['annotations'][number] {
  return structuredClone(annotation) as object as ResponseOutputText['annotations'][number];
}
