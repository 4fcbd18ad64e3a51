import { describe, expect, test } from 'vitest';
import { adoptedEnd, doubles, leftovers } from './adopt.js';
import type { Item } from './conversation-items.js';

const user = (id: string, text: string): Item => ({
  id,
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const answer = (id: string): Item => ({ id, type: 'message', role: 'assistant', content: [] });
const output = (id: string, call_id: string): Item => ({ id, type: 'function_call_output', call_id });
const kept = { newest_items: ['0'] };
const OLD = user('0', 'hi');

describe('what an earlier attempt asked and nobody answered', () => {
  const left = (input: Parameters<typeof leftovers>[2], items: readonly Item[], answered?: string[]) => {
    const known = answered ? { ...kept, answered_ahead: answered } : kept;
    return leftovers({ items: [...items, OLD], ahead: [] }, { kept: known }, input);
  };

  test('is left over: a message, outputs of calls, and answers to calls of before', () => {
    expect(left('hi', [user('1', 'hi')])).toEqual(['1']);
    expect(left([{ type: 'function_call_output', call_id: 'a', output: '3' }], [output('1', 'a')])).toEqual([
      '1',
    ]);
    expect(left('hi', [user('2', 'hi'), output('1', 'b')], ['b'])).toEqual(['2', '1']);
  });

  test('is not what somebody else said, be it the same words', () => {
    expect(left('hi', [user('2', 'hi'), user('1', 'hello')])).toEqual(['2']);
    expect(left('hi', [user('2', 'hi'), user('1', 'hi')])).toEqual(['2']);
  });

  test('is nothing where an answer is there too', () => {
    expect(left('hi', [answer('2'), user('1', 'hi')])).toEqual([]);
  });

  test('is nothing where no attempt has looked before, or what is there cannot be seen', () => {
    expect(leftovers({ items: [OLD], ahead: [] }, { kept: {} }, 'hi')).toEqual([]);
    expect(leftovers({ ahead: [] }, { kept }, 'hi')).toEqual([]);
  });
});

describe('an answer that is there', () => {
  const ended = (...items: Item[]) =>
    adoptedEnd({ items: [...items, OLD], ahead: [] }, { kept }, 'm', 'hi')?.['response'];

  test('is adopted, oldest item first', () => {
    const reasoning = { id: '2', type: 'reasoning' };
    expect(ended(answer('3'), reasoning, user('1', 'hi'))).toEqual({
      status: 'completed',
      model: 'm',
      output: [reasoning, answer('3')],
    });
  });

  test('is the newest one where requests of two attempts were answered', () => {
    const items = [answer('4'), user('3', 'hi'), answer('2'), user('1', 'hi')];
    expect(ended(...items)).toMatchObject({ output: [answer('4')] });
  });

  test('is all that is there where two cannot be told apart', () => {
    const items = [user('4', 'hi'), user('3', 'hi'), answer('2'), answer('1')];
    expect(ended(...items)).toMatchObject({ output: [answer('1'), answer('2')] });
  });

  test('is not where nothing was said, or somebody else came between', () => {
    expect(ended(user('1', 'hi'))).toBeUndefined();
    expect(ended(answer('3'), user('2', 'hello'), user('1', 'hi'))).toBeUndefined();
  });
});

describe('an answer that is there twice', () => {
  const items = [answer('4'), user('3', 'hi'), answer('2'), user('1', 'hi')];
  const twice = (counted: readonly Item[], there: readonly Item[] = items) =>
    doubles({ items: [...there, OLD], ahead: [] }, { kept }, 'hi', counted);

  test('is there once too often with what its request said, whichever of them counts', () => {
    expect(twice([answer('4')])).toEqual(['1', '2']);
    expect(twice([answer('2')])).toEqual(['3', '4']);
  });

  test('is not where it is alone, nobody knows which one counts, or somebody else spoke too', () => {
    expect(twice([answer('4')], items.slice(0, 2))).toEqual([]);
    expect(twice([answer('9')])).toEqual([]);
    expect(twice([answer('4')], [user('5', 'hello'), ...items])).toEqual([]);
  });
});
