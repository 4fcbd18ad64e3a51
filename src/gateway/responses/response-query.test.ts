import { describe, expect, test } from 'vitest';
import { responseQuery } from './response-query.js';

const asked = (query: string) => responseQuery(new URLSearchParams(query));

describe('the query of a response', () => {
  test('asks for the response as it stands when it says nothing', () => {
    expect(asked('')).toEqual({ stream: false, startingAfter: -1, turnEvents: false });
    expect(asked('stream=false')).toEqual(asked(''));
  });

  test('asks for a stream, from its start or behind a number', () => {
    expect(asked('stream=true')).toMatchObject({ stream: true, startingAfter: -1 });
    expect(asked('stream=true&starting_after=0')).toMatchObject({ stream: true, startingAfter: 0 });
    expect(asked('stream=true&starting_after=42')).toMatchObject({ startingAfter: 42 });
  });

  test.each(['include[]=durable_turns.events', 'include=x&include=durable_turns.events'])(
    'asks for turn events: %s',
    (query) => expect(asked(query)).toMatchObject({ turnEvents: true }),
  );

  test.each([
    ['stream=yes', 'stream'],
    ['stream=', 'stream'],
    ['stream=True', 'stream'],
    ['starting_after=', 'starting_after'],
    ['starting_after=-1', 'starting_after'],
    ['starting_after=1e1', 'starting_after'],
    ['starting_after=0x2', 'starting_after'],
    ['starting_after=1.5', 'starting_after'],
    ['starting_after=%201', 'starting_after'],
    [`starting_after=${'9'.repeat(30)}`, 'starting_after'],
  ])('is refused where it says something else: %s', (query, param) => {
    expect(() => asked(query)).toThrow(
      expect.objectContaining({ param, code: 'invalid_value', status: 400 }),
    );
  });
});
