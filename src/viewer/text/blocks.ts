/**
 * The blocks of a text that a model writes: a small part of Markdown, read without ever failing, since a text
 * that streams is cut anywhere. What is not understood stays as it is written.
 */

export interface ListItem {
  /** How deep it stands, from 0. */
  readonly depth: number;
  readonly marker: string;
  readonly text: string;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly ListItem[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'rule' };

const FENCE = /^ {0,3}(```+|~~~+)\s*([\w+#.-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*)$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const TABLE_RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?)?\s*$/;
const DEEPEST = 4;

export function blocksOf(text: string): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const { block, next } = readBlock(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

interface Read {
  readonly block?: Block;
  readonly next: number;
}

function readBlock(lines: readonly string[], at: number): Read {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { next: at + 1 };
  const fence = FENCE.exec(line);
  if (fence) return readCode(lines, at, fence[1] ?? '', fence[2] ?? '');
  const heading = HEADING.exec(line);
  if (heading) {
    const [, marks = '', text = ''] = heading;
    return { block: { kind: 'heading', level: marks.length, text }, next: at + 1 };
  }
  if (RULE.test(line)) return { block: { kind: 'rule' }, next: at + 1 };
  if (ITEM.test(line)) return readList(lines, at);
  if (line.startsWith('>')) {
    const next = end(lines, at, (other) => !other.startsWith('>'));
    const quoted = lines.slice(at, next).map((other) => other.replace(/^>\s?/, ''));
    return { block: { kind: 'quote', text: quoted.join('\n') }, next };
  }
  if (line.includes('|') && TABLE_RULE.test(lines[at + 1] ?? '')) return readTable(lines, at);
  const next = end(lines, at, startsBlock);
  return { block: { kind: 'paragraph', text: lines.slice(at, next).join('\n') }, next };
}

/** A fence that is not closed yet holds the rest. */
function readCode(lines: readonly string[], at: number, fence: string, language: string): Read {
  const close = lines.findIndex((line, index) => index > at && line.trim().startsWith(fence));
  const last = close < 0 ? lines.length : close;
  return { block: { kind: 'code', language, text: lines.slice(at + 1, last).join('\n') }, next: last + 1 };
}

function readList(lines: readonly string[], at: number): Read {
  const items: ListItem[] = [];
  let next = at;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? '';
    const item = ITEM.exec(line);
    const last = items.at(-1);
    if (item && !RULE.test(line)) {
      const [, indent = '', marker = '', text = ''] = item;
      items.push({ depth: Math.min(DEEPEST, Math.floor(indent.length / 2)), marker, text });
    } else if (last && /^\s+\S/.test(line) && !FENCE.test(line)) {
      items[items.length - 1] = { ...last, text: `${last.text}\n${line.trim()}` };
    } else if (line.trim() !== '' || !ITEM.test(lines[next + 1] ?? '')) break;
  }
  return { block: { kind: 'list', ordered: /\d/.test(items[0]?.marker ?? ''), items }, next };
}

function readTable(lines: readonly string[], at: number): Read {
  const next = end(lines, at + 1, (line) => !line.includes('|'));
  const [head = [], ...rows] = [lines[at] ?? '', ...lines.slice(at + 2, next)].map(cells);
  return { block: { kind: 'table', head, rows }, next };
}

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

function startsBlock(line: string): boolean {
  return (
    line.trim() === '' || FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || line.startsWith('>')
  );
}

function end(lines: readonly string[], at: number, isOver: (line: string) => boolean): number {
  const next = lines.findIndex((line, index) => index > at && isOver(line));
  return next < 0 ? lines.length : next;
}
