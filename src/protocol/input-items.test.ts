import { describe, expect, test } from 'vitest';
import { checkInputItems } from './input-items.js';

/** What is wrong, or undefined. */
function wrong(input: unknown): string | undefined {
  try {
    checkInputItems(input, (message) => {
      throw new Error(message);
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
}
const message = (content: unknown, role = 'user') => [{ role, content }];

describe('what the Responses API takes', () => {
  test.each<[string, unknown]>([
    ['text', 'Hi'],
    ['a message', message('Hi')],
    ['a message that says its type', [{ type: 'message', role: 'developer', content: 'Hi' }]],
    [
      'parts',
      message([
        { type: 'input_text', text: 'Hi' },
        { type: 'input_image', file_id: 'file_1' },
      ]),
    ],
    ['an output of a tool', [{ type: 'function_call_output', call_id: 'c', output: '' }]],
    ['a reference', [{ type: 'item_reference', id: 'msg_1' }]],
  ])('%s', (_name, input) => {
    expect(wrong(input)).toBeUndefined();
  });
});

describe('what it does not', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /string or a list/],
    ['an object', { role: 'user', content: 'Hi' }, /string or a list/],
    ['an empty text', '', /input is empty/],
    ['blanks', ' \n', /input is empty/],
    ['an empty list', [], /empty list/],
    ['a text in the list', ['Hi'], /input\[0\] .*object/],
    ['a message without a role', [{ content: 'Hi' }], /input\[0\] .*role/],
    ['a role that does not exist', message('Hi', 'tool'), /role/],
    ['a role that every object has', message('Hi', 'constructor'), /role/],
    ['a message without content', message(undefined), /content/],
    ['an empty content', message(''), /content/],
    ['no parts', message([]), /content/],
    ['a part that is text', message([{ type: 'input_text', text: 'a' }, 'Hi']), /content\[1\]/],
    ['a part without a type', message([{ text: 'Hi' }]), /content\[0\]/],
    ['a type that does not exist', [{ type: 'telepathy' }], /"telepathy" is unknown/],
    ['a type that every object has', [{ type: 'toString' }], /"toString" is unknown/],
    ['the second item', [...message('Hi'), null], /input\[1\]/],
  ])('%s', (_name, input, said) => {
    expect(wrong(input)).toMatch(said);
  });
});
