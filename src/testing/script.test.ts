import { describe, expect, test } from 'vitest';
import { reply } from './reply.js';
import { eachTurn, firstOf, script, when } from './script.js';
import type { ScriptRequest } from './script.js';

const request = (fields: Partial<ScriptRequest>): ScriptRequest => ({
  n: 1,
  body: {},
  input: [],
  prompt: '',
  outputs: [],
  turnRequest: 1,
  attempt: 1,
  search: () => [],
  ...fields,
});
const [a, b] = [reply.text('a'), reply.text('b')];

describe('a script', () => {
  test('in order gives one entry per request, then nothing', () => {
    const play = script([a, () => b]);
    expect([play(request({})), play(request({})), play(request({}))]).toEqual([a, b, undefined]);
  });

  test('for each turn counts the requests of that turn only', () => {
    const play = eachTurn([a, b]);
    expect([1, 1, 2, 3].map((turnRequest) => play(request({ turnRequest })))).toEqual([a, a, b, undefined]);
  });

  test('answers only what it matches: a part of the prompt, an expression or a rule', () => {
    expect(when('key', a)(request({ prompt: 'a key here' }))).toBe(a);
    expect(when('key', a)(request({ prompt: 'nothing' }))).toBeUndefined();
    const global = when(/key/g, a);
    expect([1, 2].map(() => global(request({ prompt: 'key' })))).toEqual([a, a]);
    expect(when(({ outputs }) => outputs.length === 0, a)(request({}))).toBe(a);
  });

  test('of several is the first that has an answer', async () => {
    const play = firstOf(when('one', a), async () => b);
    expect(await play(request({ prompt: 'one' }))).toBe(a);
    expect(await play(request({ prompt: 'two' }))).toBe(b);
  });
});
