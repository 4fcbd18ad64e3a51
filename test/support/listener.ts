// A model that says what it has heard: the user's texts so far, oldest first.

import type { Script } from '../../src/testing/index.js';
import { reply } from '../../src/testing/index.js';

export const LONG = Array.from({ length: 600 }, (_, i) => `word${i}`).join(' ');

/** `heard: a | b | c`. */
export const listener: Script = ({ input }) =>
  reply.text(
    `heard: ${input.flatMap((item) => (item['role'] === 'user' ? textOf(item['content']) : [])).join(' | ')}`,
  );

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  return parts.map((part) => String((Object(part) as { text?: unknown }).text ?? '')).join('');
}
