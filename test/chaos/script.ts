// What the model says in a chaos run. Each answer is told by the number of its request, so that words of an answer
// that was lost can be recognised wherever they turn up.

import { reply } from '../../src/testing/index.js';
import type { Script } from '../../src/testing/index.js';

export const KINDS = [
  'text',
  'tools',
  'conversation',
  'stateless',
  'background',
  'search',
  'cancelled',
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that call the tool, and how often. */
export const CALLS: Readonly<Record<Kind, number>> = {
  text: 0,
  tools: 2,
  conversation: 2,
  stateless: 2,
  background: 2,
  search: 0,
  cancelled: 0,
};

const WORDS = 120;
const PER_SECOND = 40;

/** The prompt of the turn is its id and its kind. */
export const promptOf = (turnId: string, kind: Kind): string => `${turnId} ${kind}`;

/** Every word names its request. */
export function answerText(turnId: string, request: number): string {
  return Array.from({ length: WORDS }, (_, word) => `${turnId}.${request}.${word}`).join(' ');
}

/** The request that an answer was given to; undefined if the text is not one whole answer of this turn. */
export function requestOf(turnId: string, text: string): number | undefined {
  const request = Number(text.split(' ')[0]?.split('.').at(-2));
  return text === answerText(turnId, request) ? request : undefined;
}

export const chaosScript: Script = ({ n, prompt, outputs }) => {
  const [turnId = '', kind] = prompt.split(' ');
  if (!isKind(kind)) return undefined;
  const answer = reply.text(answerText(turnId, n), { perSecond: PER_SECOND });
  if (outputs.length < CALLS[kind]) {
    const calls = Array.from({ length: CALLS[kind] }, (_, amount) => reply.functionCall('pay', { amount }));
    return [reply.text(`${turnId}.${n}.calls`), ...calls];
  }
  return kind === 'search' ? [reply.webSearch(turnId), answer] : answer;
};

function isKind(kind: string | undefined): kind is Kind {
  return KINDS.some((known) => known === kind);
}
