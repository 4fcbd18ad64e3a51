/** JSON for people: indented, in colours, and never more of it than somebody asked for. */
import type { JsonValue } from '../../events/json.js';

/** What fits into one line is easier to read there. */
const ONE_LINE = 84;

/** What a tool takes or gives: JSON text or free text as it is, half-written JSON too. */
export function prettyText(written: string): string {
  const start = written.trimStart()[0];
  if (start !== '{' && start !== '[') return written;
  try {
    return prettyJson(JSON.parse(written));
  } catch {
    return written;
  }
}

export function prettyValue(value: JsonValue): string {
  return typeof value === 'string' ? prettyText(value) : prettyJson(value);
}

function prettyJson(value: unknown): string {
  const lines = JSON.stringify(value, undefined, 2);
  if (lines.length > 3 * ONE_LINE) return lines;
  // Strings hold no line breaks in JSON: each one here is of the layout.
  const line = lines.replaceAll(/\n\s*/g, ' ');
  return line.length > ONE_LINE ? lines : line;
}

const MOST_LINES = 14;
const MOST_CHARACTERS = 1400;

/** The beginning of a long text; undefined when all of it is short. */
export function beginningOf(text: string): string | undefined {
  let end = text.length > MOST_CHARACTERS ? MOST_CHARACTERS : text.length;
  let at = -1;
  for (let line = 0; line < MOST_LINES; line++) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) break;
  }
  if (at >= 0 && at < end) end = at;
  return end < text.length ? text.slice(0, end) : undefined;
}

export interface JsonToken {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'plain';
  readonly text: string;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;
/** Longer texts stay in one colour: thousands of pieces would slow the page down. */
const MOST_COLOURED = 20_000;

export function jsonTokens(text: string): readonly JsonToken[] {
  const start = text.trimStart()[0];
  if ((start !== '{' && start !== '[') || text.length > MOST_COLOURED) return [{ kind: 'plain', text }];
  const tokens: JsonToken[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, quoted, colon, number] = match;
    if (match.index > from) tokens.push({ kind: 'plain', text: text.slice(from, match.index) });
    if (quoted !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text: quoted });
      if (colon !== undefined) tokens.push({ kind: 'plain', text: colon });
    } else tokens.push({ kind: number === undefined ? 'word' : 'number', text: whole });
    from = match.index + whole.length;
  }
  if (from < text.length) tokens.push({ kind: 'plain', text: text.slice(from) });
  return tokens;
}
