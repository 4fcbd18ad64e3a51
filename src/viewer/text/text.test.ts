import { describe, expect, test } from 'vitest';
import { blocksOf } from './blocks.js';
import type { Block } from './blocks.js';
import { inlinesOf } from './inline.js';
import type { Inline } from './inline.js';

describe('blocks', () => {
  test.each<[string, string, readonly Block[]]>([
    ['nothing', '', []],
    ['lines of one paragraph', 'a\nb', [{ kind: 'paragraph', text: 'a\nb' }]],
    [
      'two paragraphs',
      'a\n\n\nb\n',
      [
        { kind: 'paragraph', text: 'a' },
        { kind: 'paragraph', text: 'b' },
      ],
    ],
    [
      'a heading right above a text',
      '## Plan\ntext',
      [
        { kind: 'heading', level: 2, text: 'Plan' },
        { kind: 'paragraph', text: 'text' },
      ],
    ],
    [
      'code, with what looks like Markdown in it',
      '```ts\n# a\n\n- b\n```\nend',
      [
        { kind: 'code', language: 'ts', text: '# a\n\n- b' },
        { kind: 'paragraph', text: 'end' },
      ],
    ],
    ['code that is not closed yet', '```\nhalf', [{ kind: 'code', language: '', text: 'half' }]],
    [
      'a list with depth, a line that goes on and blank lines between',
      '- a\n  more\n\n- b\n  - c',
      [
        {
          kind: 'list',
          ordered: false,
          items: [
            { depth: 0, marker: '-', text: 'a\nmore' },
            { depth: 0, marker: '-', text: 'b' },
            { depth: 1, marker: '-', text: 'c' },
          ],
        },
      ],
    ],
    [
      'a numbered list after a text',
      'Steps:\n3. c\n4. d',
      [
        { kind: 'paragraph', text: 'Steps:' },
        {
          kind: 'list',
          ordered: true,
          items: [
            { depth: 0, marker: '3.', text: 'c' },
            { depth: 0, marker: '4.', text: 'd' },
          ],
        },
      ],
    ],
    ['a quote', '> a\n> b', [{ kind: 'quote', text: 'a\nb' }]],
    ['a table', '| a | b |\n|---|:-:|\n| 1 | 2 |', [{ kind: 'table', head: ['a', 'b'], rows: [['1', '2']] }]],
    ['a rule', '---', [{ kind: 'rule' }]],
    ['a bar that makes no table', 'a | b', [{ kind: 'paragraph', text: 'a | b' }]],
    ['markup', '<img src=x>', [{ kind: 'paragraph', text: '<img src=x>' }]],
  ])('%s', (_name, text, blocks) => {
    expect(blocksOf(text)).toEqual(blocks);
  });

  test('a text that grows letter by letter never fails and loses no word', () => {
    const text =
      '# T\n\nSee **this**:\n\n1. one\n2. `two`\n\n```js\nlet x\n```\n\n| a |b|\n|-|-|\n|c|d|\n> q';
    for (let length = 0; length <= text.length; length++) {
      const shown = JSON.stringify(blocksOf(text.slice(0, length)));
      for (const word of text.slice(0, length).match(/\b(?:See|one|let|two)\b/g) ?? []) {
        expect(shown).toContain(word);
      }
    }
  });
});

describe('inlines', () => {
  const text = (said: string): Inline => ({ kind: 'text', text: said });
  const link = (href: string, label = href): Inline => ({ kind: 'link', href, children: [text(label)] });

  test.each<[string, readonly Inline[]]>([
    ['plain', [text('plain')]],
    ['a `b*c*` d', [text('a '), { kind: 'code', text: 'b*c*' }, text(' d')]],
    ['**a _b_**', [{ kind: 'strong', children: [text('a '), { kind: 'em', children: [text('b')] }] }]],
    ['*a* 2*3*4 snake_case_name', [{ kind: 'em', children: [text('a')] }, text(' 2*3*4 snake_case_name')]],
    ['**half', [text('**half')]],
    ['[docs](https://a.b/c?d=e) x', [link('https://a.b/c?d=e', 'docs'), text(' x')]],
    ['see https://a.b/c.d.', [text('see '), link('https://a.b/c.d'), text('.')]],
    ['[x](javascript:alert(1))', [text('[x](javascript:alert(1))')]],
    ['[x](data:text/html,y)', [text('[x](data:text/html,y)')]],
  ])('%s', (written, inlines) => {
    expect(inlinesOf(written)).toEqual(inlines);
  });

  test.each(['[', '*', '**', '`', '_', '![', 'https://'])('a hundred thousand %s are read', (mark) => {
    const written = mark.repeat(100_000);
    expect(JSON.stringify(inlinesOf(written)).length).toBeGreaterThan(100_000);
  });
});
