/**
 * Directives in a prompt, for the default assistant: `[[say TEXT]]`, `[[long N]]` (N words), `[[call NAME {json}]]`
 * (several: parallel calls; `file_search` searches), and `[[then]]` between what follows after the outputs have come.
 */
import { reply } from './reply.js';
import type { ReplyStep } from './reply-step.js';
import { parseJson } from './http.js';
import { isObject, stringOf } from './wire.js';

/** The steps that the prompt orders for one round, from 0; empty when it orders none. */
export function directedSteps(prompt: string, round: number): readonly ReplyStep[] {
  const part = prompt.split('[[then]]')[round] ?? '';
  const said = /\[\[say ([\s\S]*?)\]\]/.exec(part)?.[1];
  const long = /\[\[long (\d+)\]\]/.exec(part)?.[1];
  const text = said ?? (long === undefined ? undefined : longText(Number(long)));
  const calls = [...part.matchAll(/\[\[call ([\w.-]+)\s*(\{[\s\S]*?\})?\s*\]\]/g)].map(
    ([, name = '', args]) =>
      name === 'file_search' ? reply.fileSearch(...queryOf(args)) : reply.functionCall(name, args ?? '{}'),
  );
  return [...(text === undefined ? [] : [reply.text(text)]), ...calls];
}

/** The prompt as a person would read it. */
export function withoutDirectives(prompt: string): string {
  return prompt
    .replace(/\[\[[\s\S]*?\]\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `word0 word1 …` */
export function longText(words: number): string {
  return Array.from({ length: words }, (_, index) => `word${index}`).join(' ');
}

function queryOf(args: string | undefined): string[] {
  const parsed = parseJson(args ?? '{}');
  const query = isObject(parsed) ? stringOf(parsed['query']) : undefined;
  return query === undefined ? [] : [query];
}
