import { describe, expect, test } from 'vitest';
import { table } from './table.js';
import { commandLine, quoted, took } from './words.js';

describe('words for a shell', () => {
  test.each([
    ['order-42', 'order-42'],
    ['s/1:a@b=c,d.e', 's/1:a@b=c,d.e'],
    ['', "''"],
    ['two words', "'two words'"],
    ["it's", `'it'\\''s'`],
    ['$(rm -rf ~)`;&|', "'$(rm -rf ~)`;&|'"],
    ['\u001b[2J', "'\\u001b[2J'"],
  ])('%j is written as %s', (word, written) => expect(quoted(word)).toBe(written));

  test('make a command line', () => {
    expect(commandLine('watch', 'my turn', '--after', '1.2.3')).toBe(
      "durable-turns watch 'my turn' --after 1.2.3",
    );
  });
});

test.each([
  [0, '0.0 s'],
  [9_940, '9.9 s'],
  [12_400, '12 s'],
  [185_000, '3 min 5 s'],
  [7_440_000, '2 h 4 min'],
  [266_400_000, '3 d 2 h'],
])('%i ms read %s', (ms, text) => {
  const start = Date.parse('2026-01-01T00:00:00.000Z');
  expect(took(new Date(start).toISOString(), new Date(start + ms).toISOString())).toBe(text);
});

test('an unknown time takes no words', () => {
  expect(took(undefined, '2026-01-01T00:00:00.000Z')).toBe('');
  expect(took('2026-01-01T00:00:00.000Z', undefined)).toBe('');
});

test('columns are as wide as their widest cell, and a cell is one line', () => {
  const rows = [
    ['a', 'one\ntwo'],
    ['助手', '\u001b[31mred'],
  ];
  expect(table(['ID', 'TEXT'], rows)).toBe('ID    TEXT\na     one two\n助手  \\u001b[31mred\n');
});
