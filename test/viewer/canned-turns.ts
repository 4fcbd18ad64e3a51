// Turns as their events, for the fake gateway.

import type { SessionEvent, ToolMetadata, TurnError, TurnEvent, Usage } from '../../src/events.js';

const START = Date.parse('2026-03-01T09:30:00.000Z');

/** Events of one turn with ids and times that go up by themselves. */
export class Canned {
  readonly events: TurnEvent[] = [];
  readonly turnId: string;
  readonly #from: number;
  #ms = 0;
  #tools = 0;
  #response = 0;
  #step = 0;
  #id = '';

  constructor(turnId: string, { agent = 'assistant', session = '', from = START } = {}) {
    this.turnId = turnId;
    this.#from = from;
    this.#push({
      type: 'turn_started',
      turn_id: turnId,
      agent,
      schema: 1,
      at: this.#at(0),
      ...(session === '' ? {} : { session_id: session }),
    });
  }

  model({ attempt = 1 } = {}): this {
    this.#response += 1;
    this.#step = 0;
    return this.goOn({ attempt });
  }

  /** Another inference step of the same response. */
  goOn({ attempt = 1 } = {}): this {
    this.#id = `${String(this.#response).padStart(4, '0')}.${String(attempt).padStart(9, '0')}.${String(this.#step++).padStart(3, '0')}`;
    this.#push({
      type: 'step_started',
      ...this.#inference(),
      at: this.#at(40),
      metadata: { attempt, model: 'gpt-5-mini' },
    });
    return this;
  }

  says(...texts: readonly string[]): this {
    for (const text of texts) this.#delta({ type: 'text', text });
    return this;
  }

  thinks(text: string): this {
    this.#delta({ type: 'reasoning', kind: 'summary', text });
    return this;
  }

  done({
    text = '',
    reasoning = '',
    calls = [],
    stop_reason = calls.length > 0 ? 'tool_calls' : 'end_of_turn',
    usage = { input_tokens: 812, output_tokens: 164, total_tokens: 976 },
    annotations = [],
    ms = 1900,
  }: {
    text?: string;
    reasoning?: string;
    calls?: { tool_name: string; arguments: string }[];
    stop_reason?: string;
    usage?: Usage;
    annotations?: { [key: string]: string }[];
    ms?: number;
  } = {}): this {
    this.#push({
      type: 'step_completed',
      ...this.#inference(),
      at: this.#at(ms),
      status: 'completed',
      result: {
        response_id: `resp_${this.turnId}_${this.#response}`,
        model: 'gpt-5-mini',
        text_content: text,
        ...(reasoning === '' ? {} : { reasoning: [{ kind: 'summary', text: reasoning }] }),
        ...(annotations.length === 0 ? {} : { annotations }),
        function_calls: calls.map((call, index) => ({
          ...call,
          call_id: `call_${index}`,
          tool_type: 'function',
        })),
        server_tool_executions: [],
        stop_reason,
        usage,
      },
    });
    return this;
  }

  superseded(code: string, message: string): this {
    this.#push({
      type: 'step_superseded',
      ...this.#inference(),
      at: this.#at(600),
      was_completed: false,
      may_have_run: false,
      reason: { code, message },
    });
    return this;
  }

  tool(tool_name: string, args: unknown, metadata: Partial<ToolMetadata> = {}): this {
    const { server_side = false } = metadata;
    const place = server_side
      ? `000000001.${String(this.#step++).padStart(3, '0')}`
      : `z${String(this.#tools++).padStart(3, '0')}.abcd`;
    this.#id = `${String(this.#response).padStart(4, '0')}.${place}`;
    this.#push({
      type: 'step_started',
      ...this.#tool(),
      at: this.#at(30),
      metadata: {
        server_side,
        tool_type: 'function',
        tool_name,
        call_id: `call_${this.#id}`,
        arguments: JSON.stringify(args),
        ...metadata,
      },
    });
    return this;
  }

  report(data: { [key: string]: number | string }): this {
    this.#push({ ...this.#progress(), step_type: 'tool_execution', delta: { type: 'tool_report', data } });
    return this;
  }

  tries(attempt: number): this {
    this.#push({
      ...this.#progress(),
      step_type: 'tool_execution',
      delta: { type: 'attempt_started', attempt, worker: 'worker-a' },
    });
    return this;
  }

  fails(attempt: number, message: string, retry_at?: string): this {
    const error: TurnError = { code: 'tool_error', message, source: 'tool', retryable: true };
    this.#push({
      ...this.#progress(),
      step_type: 'tool_execution',
      delta: { type: 'attempt_failed', attempt, error, ...(retry_at === undefined ? {} : { retry_at }) },
    });
    return this;
  }

  returns(
    content: string | { [key: string]: string | number },
    { isError = false, ms = 340, name = 'tool' } = {},
  ): this {
    this.#push({
      type: 'step_completed',
      ...this.#tool(),
      at: this.#at(ms),
      status: isError ? 'failed' : 'completed',
      result: {
        tool_calls: [],
        tool_responses: [
          {
            call_id: `call_${this.#id}`,
            tool_name: name,
            content: typeof content === 'string' ? content : JSON.stringify(content),
            is_error: isError,
          },
        ],
      },
    });
    return this;
  }

  asks(tool_name: string, args: unknown, kind: 'approval' | 'tool_output' = 'approval'): this {
    this.#push({
      type: 'input_required',
      turn_id: this.turnId,
      input_id: `input-${this.#id}`,
      step_id: this.#id,
      kind,
      call_id: `call_${this.#id}`,
      tool_name,
      arguments: JSON.stringify(args),
      arguments_hash: 'a1b2',
      at: this.#at(5),
    });
    return this;
  }

  answered(decision: 'approve' | 'deny' | 'output', by: string, reason?: string): this {
    this.#push({
      type: 'input_resolved',
      turn_id: this.turnId,
      input_id: `input-${this.#id}`,
      decision,
      by,
      at: this.#at(4000),
      ...(reason === undefined ? {} : { reason }),
    });
    return this;
  }

  completed(final_text: string): this {
    this.#push({
      type: 'turn_completed',
      ...this.#end(),
      status: 'completed',
      stop_reason: 'end_of_turn',
      final_text,
    });
    return this;
  }

  failed(error: TurnError): this {
    this.#push({ type: 'turn_failed', ...this.#end(), error });
    return this;
  }

  cancelled(): this {
    this.#push({ type: 'turn_cancelled', ...this.#end() });
    return this;
  }

  get summary(): Record<string, unknown> {
    const last = this.events.at(-1);
    const status = {
      turn_completed: 'completed',
      turn_failed: 'failed',
      turn_cancelled: 'cancelled',
    }[String(last?.type)];
    const [first] = this.events;
    return {
      turn_id: this.turnId,
      agent: first?.type === 'turn_started' ? first.agent : '',
      ...(first?.type === 'turn_started' && first.session_id !== undefined
        ? { session_id: first.session_id }
        : {}),
      status: status ?? 'running',
      started_at: this.#at(0, this.#from),
      ...(status === undefined || !last || !('at' in last) ? {} : { closed_at: last.at }),
    };
  }

  #push(event: TurnEvent): void {
    this.events.push(event);
  }

  #delta(delta: { type: 'text'; text: string } | { type: 'reasoning'; kind: 'summary'; text: string }): void {
    this.#push({ ...this.#progress(), step_type: 'inference', delta });
  }

  #progress() {
    return { type: 'step_progress', turn_id: this.turnId, step_id: this.#id } as const;
  }

  #inference() {
    return { turn_id: this.turnId, step_id: this.#id, step_type: 'inference' } as const;
  }

  #tool() {
    return { turn_id: this.turnId, step_id: this.#id, step_type: 'tool_execution' } as const;
  }

  #end() {
    return {
      turn_id: this.turnId,
      at: this.#at(20),
      response_ids: Array.from({ length: this.#response }, (_, index) => `resp_${this.turnId}_${index + 1}`),
      num_steps: this.#count('step_started') - this.#count('step_superseded'),
      usage: {
        input_tokens: 1624,
        output_tokens: 412,
        total_tokens: 2036,
        input_tokens_details: { cached_tokens: 768 },
        output_tokens_details: { reasoning_tokens: 128 },
      },
    };
  }

  #count(type: TurnEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  #at(ms: number, exactly?: number): string {
    this.#ms += ms;
    return new Date(exactly ?? this.#from + this.#ms).toISOString();
  }
}

export const turnPath = (turnId: string): string => `/turns/${encodeURIComponent(turnId)}`;

export function queued(
  session_id: string,
  message_id: string,
  at = new Date(START).toISOString(),
): SessionEvent {
  return { type: 'turn_queued', session_id, message_id, turn_id: `${session_id}/${message_id}`, at };
}
