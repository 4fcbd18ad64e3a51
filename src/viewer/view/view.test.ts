import { describe, expect, test } from 'vitest';
import { advance } from '../../events/advance.js';
import { emptyProgress } from '../../events/progress.js';
import type { TurnProgress } from '../../events/progress.js';
import type { TurnEvent } from '../../events/turn-event.js';
import { chatOf, partsOf } from './chat.js';
import { ago, counted, duration, size, stopReason, tokens } from './format.js';
import { beginningOf, jsonTokens, prettyText, prettyValue } from './json-text.js';
import { newTurnOf } from './new-turn.js';
import { outputOf } from './output.js';
import { furtherInput, saidOf, withoutRepeats } from './said.js';
import { sameRow, spoken, timelineOf } from './timeline.js';

const at = '2026-03-01T09:00:00.000Z';
const step = (step_id: string) => ({ turn_id: 't', step_id, step_type: 'inference', at }) as const;
const start = (id: string): TurnEvent => ({ type: 'step_started', ...step(id), metadata: { attempt: 1 } });
const supersede = (id: string, message = 'gone'): TurnEvent => ({
  type: 'step_superseded',
  ...step(id),
  was_completed: false,
  may_have_run: false,
  reason: { code: 'attempt_lost', message },
});
const fold = (...events: readonly TurnEvent[]): TurnProgress => events.reduce(advance, emptyProgress('t'));

describe('the timeline', () => {
  test('tells neighbours that fell for the same reason in one row', () => {
    const ids = ['1', '2', '3', '4'];
    const progress = fold(...ids.map(start), supersede('1'), supersede('2'), supersede('3', 'other'));
    const { rows } = timelineOf(progress, 10);

    expect(rows.map((row) => [row.kind, row.key])).toEqual([
      ['superseded', '1'],
      ['superseded', '3'],
      ['step', '4'],
    ]);
    expect(rows[0]).toMatchObject({
      steps: [{ step_id: '1' }, { step_id: '2' }],
      reason: { message: 'gone' },
    });
  });

  test('keeps what did not change, so that it is not drawn again', () => {
    const before = fold(start('1'), start('2'));
    const delta = { type: 'text', text: 'x' } as const;
    const after = advance(before, {
      type: 'step_progress',
      turn_id: 't',
      step_id: '2',
      step_type: 'inference',
      delta,
    });
    const pairs = timelineOf(before, 9).rows.map(
      (row, index) => [row, timelineOf(after, 9).rows[index]] as const,
    );

    expect(pairs.map(([a, b]) => b !== undefined && sameRow(a, b))).toEqual([true, false]);
  });

  test('draws the newest rows, and shows no question twice or never', () => {
    const ask = (input_id: string, step_id: string): TurnEvent => ({
      type: 'input_required',
      turn_id: 't',
      input_id,
      step_id,
      kind: 'approval',
      call_id: 'c',
      tool_name: 'pay',
      arguments: '{}',
      arguments_hash: 'h',
      at,
    });
    const progress = fold(start('1'), start('2'), start('3'), ask('a', '1'), ask('b', '3'));
    const { rows, hidden, strayInputs } = timelineOf(progress, 2);

    expect([rows.map(({ key }) => key), hidden]).toEqual([['2', '3'], 1]);
    expect(strayInputs.map(({ input_id }) => input_id)).toEqual(['a']);
    expect(spoken(progress)).toBe('pay needs your approval.');
  });
});

test('a chat has its turns as they ran, with the messages that joined them, then those that wait', () => {
  const message = (id: string, joined?: string) => ({
    message_id: id,
    turn_id: `s/${id}`,
    at,
    ...(joined === undefined ? {} : { joined }),
  });
  const messages = [message('m1'), message('m2', 's/m1'), message('m3'), message('m4')];
  const turns = new Map([
    ['s/m1', emptyProgress('s/m1')],
    ['s/m4', emptyProgress('s/m4')],
  ]);

  expect(
    chatOf(messages, turns).map(({ turnId, messages: said }) => [turnId, said.map((m) => m.message_id)]),
  ).toEqual([
    ['s/m1', ['m1', 'm2']],
    ['s/m4', ['m4']],
    ['s/m3', ['m3']],
  ]);
});

describe('numbers and times', () => {
  test.each([
    [-5, '0 ms'],
    [340, '340 ms'],
    [2449, '2.4 s'],
    [9999, '9.9 s'],
    [59_999, '59 s'],
    [65_000, '1 m 05 s'],
    [7_384_000, '2 h 03 m'],
    [86_399_000, '23 h 59 m'],
    [183_600_000, '2 d 03 h'],
  ])('%d ms are %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  test.each([
    [3_000, 'just now'],
    [42_000, '42 s ago'],
    [180_000, '3 m ago'],
    [7_200_000, '2 h ago'],
    [-5_000, 'just now'],
    [200_000_000, '2 d ago'],
  ])('%d ms back is %s', (ms, words) => {
    expect(ago(at, Date.parse(at) + ms)).toBe(words);
  });

  test('tokens name what of them was cached or thought', () => {
    const usage = { input_tokens: 1204, output_tokens: 312, total_tokens: 1516 };
    expect(tokens(usage)).toBe('1,204 in · 312 out');
    const details = {
      input_tokens_details: { cached_tokens: 1000 },
      output_tokens_details: { reasoning_tokens: 64 },
    };
    expect(tokens({ ...usage, ...details })).toBe('1,204 in (1,000 cached) · 312 out (64 reasoning)');
  });

  test('one is one', () => {
    expect([counted(1, 'step'), counted(2, 'step'), size(1), size(4200), size(2_500_000)]).toEqual([
      '1 step',
      '2 steps',
      '1 character',
      '4 K characters',
      '2.5 M characters',
    ]);
  });

  test("a server's own stop reason stays", () => {
    expect([stopReason('limit_time'), stopReason('server_word')]).toEqual([
      'the limit of time was reached',
      'server word',
    ]);
  });
});

describe('JSON for people', () => {
  test.each([
    ['short JSON in one line', '{"a":[1,"x\\ny"]}', '{ "a": [ 1, "x\\ny" ] }'],
    ['half-written JSON as it is', '{"a": "b', '{"a": "b'],
    ['free text as it is', 'just words', 'just words'],
    ['a text that begins like JSON as it is', '[sic]', '[sic]'],
  ])('%s', (_name, written, shown) => {
    expect(prettyText(written)).toBe(shown);
  });

  test('long JSON on lines of its own', () => {
    const value = { first: 'x'.repeat(60), second: 'y'.repeat(60) };
    expect(prettyValue(value)).toBe(JSON.stringify(value, undefined, 2));
  });

  test('only the beginning of what is long', () => {
    expect(beginningOf('short')).toBeUndefined();
    expect(beginningOf('x'.repeat(5000))).toBe('x'.repeat(1400));
    expect(beginningOf('a\n'.repeat(50))).toBe(Array.from({ length: 14 }, () => 'a').join('\n'));
  });

  test('its colours lose no letter', () => {
    const written = '{ "key": "va\\"lue", "n": [ -1.5e3, true, null ] }';
    const found = jsonTokens(written);
    expect(found.map(({ text }) => text).join('')).toBe(written);
    expect(found.filter(({ kind }) => kind !== 'plain').map(({ kind }) => kind)).toEqual([
      'key',
      'string',
      'key',
      'number',
      'word',
      'word',
    ]);
  });
});

describe('forms', () => {
  const form = { agent: ' a ', input: ' Hi', turnId: '', more: '' };

  test('a turn has what was filled in, and the named fields win over further ones', () => {
    expect(newTurnOf(form)).toEqual({ agent: 'a', input: ' Hi' });
    expect(newTurnOf({ ...form, turnId: 'x', more: '{"agent": "b", "metadata": {"k": "v"}}' })).toEqual({
      agent: 'a',
      input: ' Hi',
      turn_id: 'x',
      metadata: { k: 'v' },
    });
  });

  test.each(['{', '[]', '"x"', 'null'])('further fields that are %s are refused', (more) => {
    expect(() => newTurnOf({ ...form, more })).toThrow(/further fields/);
  });

  test('an output is text, or JSON when that is said', () => {
    expect(outputOf('{"a":1}', false)).toEqual({ value: '{"a":1}' });
    expect(outputOf('{"a":1}', true)).toEqual({ value: { a: 1 } });
    expect(outputOf('{', true)).toEqual({ problem: expect.stringContaining('This is no JSON') });
  });
});

describe('what was said', () => {
  const image = { type: 'input_image', image_url: 'data:,' };
  const call = { type: 'function_call_output', call_id: 'c', output: '{}' };
  const user = (text: string) => ({ kind: 'text', role: 'user', text }) as const;

  test('is text where it is text, and JSON where it is not', () => {
    expect(saidOf('hi')).toEqual([user('hi')]);
    const parts = [{ type: 'input_text', text: 'look' }, image];
    expect(
      saidOf([{ role: 'user', content: parts }, { role: 'developer', content: 'Be brief.' }, call]),
    ).toEqual([
      user('look'),
      { kind: 'item', name: 'input_image', item: image },
      { kind: 'text', role: 'developer', text: 'Be brief.' },
      { kind: 'item', name: 'function_call_output', item: call },
    ]);
  });

  test('in a turn that was interrupted is not said again by the next one', () => {
    const [one, two] = [user('one'), user('two')];
    expect(withoutRepeats([one, two], [one])).toEqual([two]);
    expect(withoutRepeats([one, one], [one])).toEqual([one]);
    expect(withoutRepeats([two, one], [one])).toEqual([two, one]);
    expect(withoutRepeats([one], [])).toEqual([one]);
  });

  test('has beside it what else the turn was given', () => {
    const asked = { agent: 'a', input: 'hi', session_id: 's' };
    expect(furtherInput(asked)).toBeUndefined();
    expect(furtherInput({ ...asked, limits: { max_tokens: 9 } })).toEqual({ limits: { max_tokens: 9 } });
  });

  test('while a turn ran stands before the response that heard it', () => {
    const began = (id: string, second: number): TurnEvent => ({
      type: 'step_started',
      ...step(id),
      metadata: { attempt: 1 },
      at: `2026-03-01T09:00:0${second}.000Z`,
    });
    const { rows } = timelineOf(fold(began('1', 1), began('2', 3), began('3', 5)), 9);
    const message = (message_id: string, second: number) => ({
      message_id,
      turn_id: `s/${message_id}`,
      at: `2026-03-01T09:00:0${second}.500Z`,
    });
    const parts = partsOf(rows, [message('early', 1), message('late', 6)]);
    const names = parts.map((part) => (part.kind === 'row' ? part.row.key : part.message.message_id));

    expect(names).toEqual(['1', 'early', '2', '3', 'late']);
  });

  test('in a turn that was cancelled may come again in the next one', () => {
    const message = (message_id: string) => ({ message_id, turn_id: `s/${message_id}`, at });
    const cancelled = { ...fold(), state: 'cancelled' } as const;
    const turns = new Map([
      ['s/1', cancelled],
      ['s/2', fold(start('1'))],
      ['s/3', fold(start('1'))],
    ]);
    const chat = chatOf([message('1'), { ...message('x'), joined: 's/1' }, message('2')], turns);

    expect(chat.map(({ repeats }) => repeats)).toEqual([[], ['s/1', 's/x'], []]);
  });
});
