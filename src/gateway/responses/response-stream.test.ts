import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { expectOpenResponses } from '../../../test/support/open-responses.js';
import { randomRun } from '../../../test/support/random-run.js';
import { randomTurn } from '../../../test/support/random-turn.js';
import { forSeeds } from '../../../test/support/random.js';
import type { Delta, InferenceResult, TurnEvent } from '../../events/turn-event.js';
import { ResponseStream } from './response-stream.js';
import type { ResponseHead } from './response-object.js';
import type { WireEvent } from './wire-event.js';

const turn_id = 't';
const at = '2026-01-05T12:00:00.000Z';
const head: ResponseHead = {
  id: 'resp_dA',
  input: { agent: 'assistant', input: 'Hello' },
  background: false,
  queued_at: at,
};
const usage = { input_tokens: 7, output_tokens: 5, total_tokens: 12 };
const totals = { turn_id, at, response_ids: ['r1'], num_steps: 1, usage };

const started: TurnEvent = { type: 'turn_started', turn_id, agent: 'assistant', schema: 1, at };
const asks = (step_id: string): TurnEvent => {
  return { type: 'step_started', turn_id, step_id, step_type: 'inference', at, metadata: { attempt: 1 } };
};
const says = (step_id: string, delta: Delta): TurnEvent => {
  return { type: 'step_progress', turn_id, step_id, step_type: 'inference', delta };
};
const text = (step_id: string, words: string): TurnEvent => says(step_id, { type: 'text', text: words });
const done = (step_id: string, result: Partial<InferenceResult>): TurnEvent => ({
  type: 'step_completed',
  turn_id,
  step_id,
  step_type: 'inference',
  at,
  status: 'completed',
  result: {
    model: 'm',
    text_content: '',
    function_calls: [],
    server_tool_executions: [],
    stop_reason: 'end_of_turn',
    ...result,
  },
});
const voids = (step_id: string): TurnEvent => ({
  type: 'step_superseded',
  turn_id,
  step_id,
  step_type: 'inference',
  at,
  was_completed: false,
  may_have_run: false,
  reason: { code: 'attempt_lost', message: 'The attempt fell silent, so its work is done again.' },
});
const completed = (final_text: string): TurnEvent => {
  return { type: 'turn_completed', ...totals, status: 'completed', stop_reason: 'end_of_turn', final_text };
};

function streamed(events: readonly TurnEvent[], turnEvents = false, of = head) {
  const stream = new ResponseStream(of, { turnEvents });
  const said = events.flatMap((event) => stream.take(event));
  return { said, response: stream.response };
}

/** What the openai package makes of the stream, by its own strict accumulator. */
function inSdk(said: readonly WireEvent[]) {
  const body = said.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream' };
  const client = new OpenAI({
    apiKey: 'k',
    fetch: () => Promise.resolve(new Response(`${body}data: [DONE]\n\n`, { headers })),
  });
  return client.responses.stream({ model: 'assistant', input: 'Hello' }).finalResponse();
}

const typesOf = (said: readonly WireEvent[]) => said.map(({ type }) => type.replace('response.', ''));

describe('a turn as a stream of the Responses API', () => {
  test('is a message that grows', async () => {
    const { said, response } = streamed([
      started,
      asks('0001.a.000'),
      text('0001.a.000', 'Hel'),
      text('0001.a.000', 'lo'),
      done('0001.a.000', { text_content: 'Hello' }),
      completed('Hello'),
    ]);

    expect(typesOf(said)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    expect(said.map(({ sequence_number }) => sequence_number)).toEqual(said.map((_, index) => index));
    expect(response).toMatchObject({
      status: 'completed',
      model: 'assistant',
      usage: { total_tokens: 12, input_tokens_details: { cached_tokens: 0 } },
      output: [{ type: 'message', status: 'completed', phase: 'final_answer' }],
    });
    expect(await inSdk(said)).toMatchObject({ id: head.id, output_text: 'Hello' });
  });

  test('says the whole text at the end of a step that was not published live', async () => {
    const { said } = streamed([
      started,
      asks('0001.a.000'),
      done('0001.a.000', { text_content: 'Hello' }),
      completed('Hello'),
    ]);
    expect(said.find(({ type }) => type === 'response.output_text.delta')).toMatchObject({ delta: 'Hello' });
    expect(await inSdk(said)).toMatchObject({ output_text: 'Hello' });
  });

  test('keeps the words of a lost attempt out of the answer, and the places of items', async () => {
    const { said, response } = streamed([
      started,
      text('0001.a.000', 'half an ans'),
      voids('0001.a.000'),
      text('0001.b.000', 'the answer'),
      done('0001.b.000', { text_content: 'the answer' }),
      completed('the answer'),
    ]);
    expect(response.output).toMatchObject([
      { status: 'incomplete', content: [] },
      { status: 'completed', content: [{ text: 'the answer' }] },
    ]);
    expect(await inSdk(said)).toMatchObject({ output_text: 'the answer' });
  });

  test('gives a step that a reset starts anew, under its id, items of its own', async () => {
    const { said, response } = streamed([
      started,
      says('0001.a.000', { type: 'reasoning', kind: 'summary', text: 'Thinking' }),
      text('0001.a.000', 'half an ans'),
      voids('0001.a.000'),
      asks('0001.a.000'),
      text('0001.a.000', 'the ans'),
      done('0001.a.000', { text_content: 'the answer' }),
      completed('the answer'),
    ]);
    expectOpenResponses(said);
    expect(new Set(response.output.map(({ id }) => id)).size).toBe(3);
    expect(response.output.at(-1)).toMatchObject({ status: 'completed', content: [{ text: 'the answer' }] });
    expect(await inSdk(said)).toMatchObject({ output_text: 'the answer' });
  });

  test('tells commentary from the answer', () => {
    const { response } = streamed([
      started,
      done('0001.a.000', { text_content: 'Let me see.', stop_reason: 'tool_calls' }),
      done('0002.a.000', { text_content: 'It is 42.' }),
      completed('It is 42.'),
    ]);
    expect(response.output).toMatchObject([{ phase: 'commentary' }, { phase: 'final_answer' }]);
  });

  test('shows reasoning, refusals and annotations as the API does', async () => {
    const annotation = {
      type: 'url_citation',
      url: 'https://example.com',
      title: 't',
      start_index: 0,
      end_index: 1,
    };
    const { said, response } = streamed([
      started,
      says('0001.a.000', { type: 'reasoning', kind: 'summary', text: 'Thinking' }),
      text('0001.a.000', 'Yes'),
      says('0001.a.000', { type: 'annotation', annotation }),
      done('0001.a.000', {
        text_content: 'Yes',
        annotations: [annotation],
        refusal: 'But no',
        reasoning: [{ kind: 'summary', text: 'Thinking' }],
      }),
      completed('Yes'),
    ]);
    expect(response.output).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'Thinking' }] },
      {
        type: 'message',
        content: [
          { type: 'output_text', text: 'Yes', annotations: [annotation] },
          { type: 'refusal', refusal: 'But no' },
        ],
      },
    ]);
    expectOpenResponses(said);
    expect((await inSdk(said)).output).toMatchObject(response.output);
  });

  test('echoes what was asked with every field of the specification, and no secrets', () => {
    const { said, response } = streamed([started, completed('Hi')], false, {
      ...head,
      input: {
        agent: 'assistant',
        input: 'Hello',
        overrides: {
          request: {
            reasoning: { effort: 'low' },
            text: { verbosity: 'low', format: { type: 'json_schema', name: 'a', schema: {} } },
          },
          hosted_tools: [
            {
              type: 'mcp',
              server_label: 'shop',
              server_url: 'https://shop.example',
              authorization: 'a secret',
              headers: { 'x-key': 'another' },
            },
          ],
        },
      },
    });
    expectOpenResponses(said);
    expect(response).toMatchObject({
      reasoning: { effort: 'low', summary: null },
      text: {
        verbosity: 'low',
        format: { type: 'json_schema', name: 'a', schema: {}, description: null, strict: false },
      },
      tools: [{ type: 'mcp', server_label: 'shop', server_url: 'https://shop.example' }],
    });
    expect(JSON.stringify(said)).not.toMatch(/secret|another/);
    const verbose = {
      ...head,
      input: { ...head.input, overrides: { request: { text: { verbosity: 'low' } } } },
    };
    expect(streamed([started], false, verbose).response.text).toEqual({
      verbosity: 'low',
      format: { type: 'text' },
    });
  });

  test('ends as the turn ends', () => {
    const error = { code: 'model_down', message: 'Down.', source: 'model', retryable: false } as const;
    const ends: [TurnEvent, string, object][] = [
      [
        {
          type: 'turn_completed',
          ...totals,
          status: 'incomplete',
          stop_reason: 'limit_time',
          final_text: '',
        },
        'incomplete',
        { status: 'incomplete', incomplete_details: { reason: 'limit_time' } },
      ],
      [
        { type: 'turn_failed', ...totals, error },
        'failed',
        { status: 'failed', error: { code: 'model_down', message: 'Down.' } },
      ],
      [{ type: 'turn_cancelled', ...totals }, 'incomplete', { status: 'cancelled' }],
    ];
    for (const [end, type, response] of ends) {
      const { said } = streamed([started, end]);
      expect(said.at(-1)).toMatchObject({ type: `response.${type}`, response });
    }
  });

  test('holds the turn events only where they are asked for, in one numbering with the rest', () => {
    const events = [started, asks('0001.a.000'), text('0001.a.000', 'Hi'), completed('Hi')];
    expect(typesOf(streamed(events).said)).not.toContain('durable_turns:event');
    const { said } = streamed(events, true);
    expect(said.flatMap((event) => (event.type === 'durable_turns:event' ? [event.event] : []))).toEqual(
      events,
    );
    expect(said.map(({ sequence_number }) => sequence_number)).toEqual(said.map((_, index) => index));
  });
});

test('the openai package makes of any turn what the response object says', async () => {
  await forSeeds(100, async (random) => {
    const { told } = randomRun(random, randomTurn(random));
    const { said, response } = streamed(told);
    expectOpenResponses(said);
    const { output, status } = await inSdk(said);
    expect({ output, status }).toMatchObject({ output: response.output, status: response.status });
    expect(response.output.filter((item) => item.status === 'in_progress')).toEqual([]);
  });
});
