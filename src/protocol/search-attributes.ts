/**
 * What turns and sessions carry for searches, where the namespace has these search attributes registered. Where it
 * has not, the memo says the same, and whoever lists has to look at every row.
 */
import { defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';

/** Keyword: the agent's name, of a turn and of a session. */
export const AGENT_ATTRIBUTE = 'DurableTurnsAgent';
/** Keyword: the session (or conversation) that a turn belongs to. */
export const SESSION_ATTRIBUTE = 'DurableTurnsSession';

export const SEARCH_ATTRIBUTES = [AGENT_ATTRIBUTE, SESSION_ATTRIBUTE] as const;

/** Visibility on SQL keeps no longer keywords, and the task that writes a row with one is retried for ever. */
const LONGEST_KEYWORD = 255;

const agentKey = defineSearchAttributeKey(AGENT_ATTRIBUTE, 'KEYWORD');
const sessionKey = defineSearchAttributeKey(SESSION_ATTRIBUTE, 'KEYWORD');

/** What the memo of a turn or of a session says. */
export interface SearchFacts {
  readonly agent: string;
  readonly session_id?: string;
}

/** A value that is too long for a keyword is left out. Pure. */
export function searchAttributePairs({ agent, session_id }: SearchFacts): SearchAttributePair[] {
  return [
    ...(isKeyword(agent) ? [{ key: agentKey, value: agent }] : []),
    ...(isKeyword(session_id) ? [{ key: sessionKey, value: session_id }] : []),
  ];
}

/** What the turns of a session carry: where the session has search attributes, the namespace knows them. */
export function childPairs(
  parent: { get(key: typeof agentKey): string | undefined },
  facts: SearchFacts,
): SearchAttributePair[] {
  return parent.get(agentKey) === undefined ? [] : searchAttributePairs(facts);
}

/** Messages of sessions come from any language: the agent may be missing, which its turn then says. */
export function isKeyword(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_KEYWORD;
}
