/** Asks the script what a request is answered with. */
import type { JsonObject } from '../events/json.js';
import { ApiError } from './api-error.js';
import { stillHappens } from './fault-step.js';
import { sinceUser, userTexts } from './input-items.js';
import type { Prepared } from './prepare.js';
import type { ReplyStep } from './reply-step.js';
import type { Script, ScriptRequest, ToolOutput } from './script.js';
import { stringOf, textOf } from './wire.js';
import type { Item } from './wire.js';

export interface Answered {
  /** Without the faults that happen no more. */
  readonly steps: readonly ReplyStep[];
  /** Counts the requests that said the same, from 1. */
  readonly attempt: number;
}

/** What a script is told of. */
export type Asked = Pick<Prepared, 'body' | 'context' | 'prompt' | 'thread'>;

export class ScriptPlayer {
  readonly #script: Script;
  /** How many requests each turn has made. */
  readonly #turns = new Counter();
  /** How often each request was made. */
  readonly #attempts = new Counter();
  #requests = 0;

  constructor(script: Script) {
    this.#script = script;
  }

  async ask(prepared: Asked, search: ScriptRequest['search']): Promise<Answered> {
    const { body, context, prompt, thread } = prepared;
    const attempt = this.#attempts.next(sayingOf(body));
    const request: ScriptRequest = {
      n: ++this.#requests,
      body,
      input: context,
      prompt,
      outputs: outputsOf(context),
      turnRequest: this.#turns.next([thread, userTexts(context)]),
      attempt,
      search,
    };
    const found = await this.#script(request);
    // 400, so that no client asks again: a test whose script is too short fails at once.
    if (found === undefined) throw new ApiError(400, unanswered(request), { code: 'no_scripted_answer' });
    const steps = 'kind' in found ? [found] : found;
    return { steps: steps.filter((step) => stillHappens(step, attempt)), attempt };
  }
}

function unanswered({ n, prompt, turnRequest, outputs }: ScriptRequest): string {
  const sentence = `The script has no answer for request ${n}: "${prompt}".`;
  // It looks like the first of a turn, and is counted as a later one of another turn.
  if (turnRequest === 1 || outputs.length > 0) return sentence;
  return `${sentence} It counts as request ${turnRequest} of its turn: turns that say the same count as one for eachTurn, so give each a text of its own.`;
}

class Counter {
  readonly #counts = new Map<string, number>();

  next(of: unknown): number {
    const key = JSON.stringify(of);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }
}

/** What makes two requests the same. */
function sayingOf({ input, previous_response_id, conversation }: JsonObject): unknown {
  return [input, previous_response_id, conversation];
}

/** Each with the name of the call that it answers. */
function outputsOf(context: readonly Item[]): ToolOutput[] {
  const calls = context.filter((item) => item['name'] !== undefined);
  const names = new Map(calls.map((item) => [item['call_id'], stringOf(item['name'])]));
  return sinceUser(context)
    .filter((item) => item.type === 'function_call_output' || item.type === 'custom_tool_call_output')
    .map((item) => ({
      call_id: stringOf(item['call_id']) ?? '',
      name: names.get(item['call_id']) ?? 'tool',
      output: textOf(item['output']),
    }));
}
