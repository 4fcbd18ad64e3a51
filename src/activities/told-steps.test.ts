import { describe, expect, test } from 'vitest';
import type { BatchEvent } from '../events/batch.js';
import type { Delta, TurnEvent } from '../events/turn-event.js';
import { advance, startResponse } from '../synthesizer/index.js';
import { Answer } from './answer.js';
import { ToldOtherwise, ToldSteps } from './told-steps.js';

const AT = '2026-01-05T12:00:00.000Z';
const PREFIX = '0001.00000000a.';
const created = { type: 'response.created', response: { id: 'resp_1', model: 'm' }, sequence_number: 0 };
const message = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };
const search = {
  type: 'web_search_call',
  id: 'ws_1',
  status: 'completed',
  action: { type: 'search', query: 'q' },
};
const call = { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'add', arguments: '' };
const said = (text: string, type = 'output_text') => ({
  type: `response.${type}.delta`,
  item_id: 'msg_1',
  content_index: 0,
  delta: text,
});
const done = { ...message, content: [{ type: 'output_text', text: 'Hello there.', annotations: [] }] };
const whole = { ...call, arguments: '{"a":1}' };
const STREAM: readonly object[] = [
  created,
  { type: 'response.output_item.added', item: { ...search, status: 'in_progress' } },
  { type: 'response.output_item.done', item: search },
  { type: 'response.output_item.added', item: message },
  said('Hel'),
  said('lo '),
  said('there.'),
  { type: 'response.output_item.done', item: done },
  { type: 'response.output_item.added', item: call },
  { type: 'response.function_call_arguments.delta', item_id: 'fc_1', delta: '{"a"' },
  { type: 'response.function_call_arguments.delta', item_id: 'fc_1', delta: ':1}' },
  { type: 'response.output_item.done', item: whole },
  {
    type: 'response.completed',
    response: { id: 'resp_1', status: 'completed', output: [search, done, whole] },
  },
];
const OPTIONS = {
  stepPrefix: PREFIX,
  attempt: 1,
  model: 'm',
  clientTools: [{ type: 'function', name: 'add' }],
};

/** What a whole reading of the stream tells, as watchers get it. */
function allEvents(): readonly TurnEvent[] {
  let state = startResponse(OPTIONS);
  return STREAM.flatMap((event) => {
    const next = advance(state, event);
    state = next.state;
    return next.events.map((draft) => ({ ...draft, turn_id: 't', at: AT }) as TurnEvent);
  });
}

function toldOf(events: readonly TurnEvent[]): ToldSteps {
  const told = new ToldSteps();
  for (const event of events) told.take(event);
  return told;
}

/** What a second reading of the stream tells to those who were told the given events. */
function secondReading(told: ToldSteps, stream = STREAM): { news: readonly BatchEvent[]; answer: Answer } {
  const news: BatchEvent[] = [];
  const teller = { tell: (event: BatchEvent) => void news.push(event), know: () => undefined };
  const answer = new Answer({ ...OPTIONS, attempt: 2 }, teller, told);
  for (const event of stream) answer.take(event);
  return { news, answer };
}

/** Without times, attempts, and the borders between deltas of one text. */
function comparable(events: readonly (BatchEvent | TurnEvent)[]): readonly unknown[] {
  const told: Record<string, unknown>[] = [];
  for (const event of events) {
    const { at: _at, turn_id: _turn, ...rest } = Object(event) as Record<string, unknown>;
    const last = told.at(-1);
    const [a, b] = [Object(last?.['delta']) as Delta, Object(rest['delta']) as Delta];
    if (last?.['step_id'] === rest['step_id'] && a.type === 'text' && b.type === 'text')
      told[told.length - 1] = { ...last, delta: { type: 'text', text: a.text + b.text } };
    else if (a.type === 'tool_call_delta' && b.type === 'tool_call_delta')
      told[told.length - 1] = {
        ...last,
        delta: { ...a, arguments_delta: a.arguments_delta + b.arguments_delta },
      };
    else told.push({ ...rest, metadata: undefined, step_type: undefined });
  }
  return told;
}

describe('a second reading of a response', () => {
  const events = allEvents();

  test.each(events.map((_event, told) => told))('tells what is missing behind %i events', (count) => {
    const { news, answer } = secondReading(toldOf(events.slice(0, count)));

    expect(comparable([...events.slice(0, count), ...news])).toEqual(comparable(events));
    expect(answer.outcome).toMatchObject({ status: 'completed', final_text: 'Hello there.' });
    expect(answer.text).toBe('Hello there.');
  });

  test('goes on within a text, wherever it was cut', () => {
    const upTo = events.findIndex((event) => event.type === 'step_progress');
    const step_id = `${PREFIX}002`;
    const told = toldOf([
      ...events.slice(0, upTo),
      {
        type: 'step_started',
        turn_id: 't',
        step_id,
        step_type: 'inference',
        at: AT,
        metadata: { attempt: 1 },
      },
      {
        type: 'step_progress',
        turn_id: 't',
        step_id,
        step_type: 'inference',
        delta: { type: 'text', text: 'Hell' },
      },
    ] as TurnEvent[]);
    const texts = secondReading(told).news.flatMap((event) =>
      event.type === 'step_progress' && event.delta.type === 'text' ? event.delta.text : [],
    );
    expect(texts.join('')).toBe('o there.');
  });

  test('of its final object only tells the same', () => {
    const upTo = events.findIndex(({ type }) => type === 'step_progress') + 3;
    const polled = [created, ...STREAM.slice(-1)];
    const { news } = secondReading(toldOf(events.slice(0, upTo)), polled);

    expect(news.some(({ type }) => type === 'step_superseded')).toBe(false);
    expect(news.at(-1)).toMatchObject({ type: 'step_completed', result: { text_content: 'Hello there.' } });
  });

  test('knows the response by what was told, until all of it was superseded', () => {
    const told = toldOf(events.slice(0, 2));
    expect(told.responseId).toBe('resp_1');
    for (const { step_id, type } of told.steps) {
      const reason = { code: 'x', message: 'x' };
      const superseded = { turn_id: 't', step_id, at: AT, was_completed: false, may_have_run: false, reason };
      told.take({ type: 'step_superseded', step_type: type, ...superseded });
    }
    expect([told.responseId, told.size]).toEqual([undefined, 0]);
  });
});

describe('a response that reads otherwise than it was told is not gone on with:', () => {
  const events = allEvents();
  const otherwise = (from: string, to: string): readonly object[] =>
    JSON.parse(JSON.stringify(STREAM).replaceAll(from, to));

  test('another text', () => {
    expect(() => secondReading(toldOf(events), otherwise('Hel', 'Hal'))).toThrow(ToldOtherwise);
  });

  test('another kind of step', () => {
    const told = toldOf(events);
    const started = { step_id: `${PREFIX}001`, step_type: 'inference', at: AT } as const;
    expect(() => told.split({ type: 'step_started', ...started, metadata: { attempt: 2 } })).toThrow(
      ToldOtherwise,
    );
  });

  test('a step less', () => {
    const search_less = STREAM.filter(
      (event) => !JSON.stringify(event).includes('"item":{"type":"web_search'),
    );
    const end = otherwise(JSON.stringify(search) + ',', '').at(-1) ?? {};
    expect(() => secondReading(toldOf(events), [...search_less.slice(0, -1), end])).toThrow(ToldOtherwise);
  });
});
