import { expect, test } from 'vitest';
import {
  added,
  completed,
  created,
  done,
  message,
  synthesize,
  textDelta,
} from '../../test/support/synthesis.js';

const empty = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };

test('an answer is one inference step from the first event to the last', () => {
  const { story, outcome } = synthesize([
    created,
    added(empty),
    textDelta('msg_1', 'Hel'),
    textDelta('msg_1', 'lo'),
    done(message('msg_1', 'Hello')),
    completed([message('msg_1', 'Hello')]),
  ]);
  expect(story).toEqual(['+000 inference', '000 text Hel', '000 text lo', '-000 completed end_of_turn']);
  expect(outcome).toMatchObject({ status: 'completed', response_id: 'resp_1', final_text: 'Hello' });
});

test('text that no delta brought is said once, from whatever event brings it first', () => {
  const textDone = { type: 'response.output_text.done', item_id: 'msg_1', content_index: 0, text: 'Hello' };
  const part = { type: 'output_text', text: 'Hello' };
  const partDone = { type: 'response.content_part.done', item_id: 'msg_1', content_index: 0, part };
  const itemDone = done(message('msg_1', 'Hello'));
  const end = completed([message('msg_1', 'Hello')]);
  for (const rest of [
    [textDone, partDone, itemDone, end],
    [partDone, itemDone, end],
    [itemDone, end],
    [end],
  ]) {
    const { story } = synthesize([created, added(empty), textDelta('msg_1', 'Hel'), ...rest]);
    expect(story).toEqual(['+000 inference', '000 text Hel', '000 text lo', '-000 completed end_of_turn']);
  }
});

test('where deltas were wrong, the result of the step carries the right text', () => {
  const { events, story } = synthesize([
    created,
    added(empty),
    textDelta('msg_1', 'see <|file-1|>'),
    completed([message('msg_1', 'see file-1')]),
  ]);
  expect(story).toEqual(['+000 inference', '000 text see <|file-1|>', '-000 completed end_of_turn']);
  expect(events.at(-1)).toMatchObject({ result: { text_content: 'see file-1' } });
});

test('a final item without text does not take back what was said', () => {
  const { outcome, events } = synthesize([
    created,
    added(empty),
    textDelta('msg_1', 'Hi'),
    done(empty),
    completed([]),
  ]);
  expect(outcome?.final_text).toBe('Hi');
  expect(events.at(-1)).toMatchObject({ result: { text_content: 'Hi' } });
});

test('a stream that is resumed in the middle of a message goes on saying it', () => {
  const { story, outcome } = synthesize([
    textDelta('msg_1', 'lo'),
    done(message('msg_1', 'Hello')),
    completed([message('msg_1', 'Hello')]),
  ]);
  expect(story).toEqual(['+000 inference', '000 text lo', '-000 completed end_of_turn']);
  expect(outcome?.final_text).toBe('Hello');
});

test('only messages of phase final_answer are the final text, if there are any', () => {
  const first = message('msg_1', 'Let me see. ', { phase: 'commentary' });
  const last = message('msg_2', 'It is 42.', { phase: 'final_answer' });
  const stream = [created, added(first), done(first), added(last, 1), done(last, 1)];
  expect(synthesize([...stream, completed([first, last])]).outcome?.final_text).toBe('It is 42.');
  expect(synthesize([...stream, completed([])]).outcome?.final_text).toBe('It is 42.');
});

test('annotations are passed on once, also those that only the final item has', () => {
  const [first, second] = [
    { type: 'url_citation', url: 'https://a.example' },
    { type: 'url_citation', url: 'https://b.example' },
  ];
  const cited = { ...empty, content: [{ type: 'output_text', text: 'x', annotations: [first, second] }] };
  const { story, events } = synthesize([
    created,
    added(empty),
    textDelta('msg_1', 'x'),
    { type: 'response.output_text.annotation.added', item_id: 'msg_1', content_index: 0, annotation: first },
    done(cited),
    completed([cited]),
  ]);
  expect(story.filter((line) => line.includes('annotation'))).toEqual([
    `000 annotation ${JSON.stringify(first)}`,
    `000 annotation ${JSON.stringify(second)}`,
  ]);
  expect(events.at(-1)).toMatchObject({ result: { annotations: [first, second] } });
});

test('a refusal has its own deltas and stop reason', () => {
  const refused = { ...empty, content: [{ type: 'refusal', refusal: 'I must not.' }] };
  const { story, outcome } = synthesize([
    created,
    added(empty),
    { type: 'response.refusal.delta', item_id: 'msg_1', content_index: 0, delta: 'I must' },
    done(refused),
    completed([refused]),
  ]);
  expect(story).toEqual([
    '+000 inference',
    '000 refusal I must',
    '000 refusal  not.',
    '-000 completed refusal',
  ]);
  expect(outcome).toMatchObject({ final_text: '', refusal: 'I must not.' });
});

test('a refusal that stands only in the final output is said too', () => {
  const refused = { ...empty, content: [{ type: 'refusal', refusal: 'No.' }] };
  expect(synthesize([created, completed([refused])]).story).toEqual([
    '+000 inference',
    '000 refusal No.',
    '-000 completed refusal',
  ]);
});

test('a delta that is null says nothing', () => {
  expect(synthesize([created, added(empty), textDelta('msg_1', '', { delta: null })]).story).toEqual([
    '+000 inference',
  ]);
});

test('the step ends with the annotations of the final item, whatever was streamed of them', () => {
  const cited = (url: string, start: number) => ({ type: 'url_citation', url, start_index: start });
  const full = [cited('https://a.example', 3), cited('https://b.example', 5)];
  const final = { ...empty, content: [{ type: 'output_text', text: 'Hi', annotations: full }] };
  const streamed = {
    type: 'response.output_text.annotation.added',
    item_id: 'msg_1',
    content_index: 0,
    annotation: cited('https://a.example', 0),
  };
  const { events, story } = synthesize([
    created,
    added(empty),
    textDelta('msg_1', 'Hi'),
    streamed,
    done(final),
    completed([final]),
  ]);
  expect(story.filter((line) => line.includes('annotation'))).toHaveLength(2);
  expect(events.at(-1)).toMatchObject({ result: { annotations: full } });
});
