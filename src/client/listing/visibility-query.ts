/** The query that asks Temporal's visibility for turns or sessions. Pure. */
import { AGENT_ATTRIBUTE, isKeyword, SESSION_ATTRIBUTE } from '../../protocol/search-attributes.js';

export interface Wanted {
  readonly workflowType: string;
  readonly agent?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Temporal's word; `!Running` for all that have closed. */
  readonly status?: string | undefined;
  /** RFC 3339, exclusive. */
  readonly startedAfter?: string | undefined;
  readonly startedBefore?: string | undefined;
}

/**
 * What the query cannot say, the memo decides: agent and session where they are no search attributes, or of a turn
 * that was started before they were. So the query may find too much, never too little.
 */
export function visibilityQuery(wanted: Wanted, { attributes }: { readonly attributes: boolean }): string {
  const { workflowType, agent, sessionId, status, startedAfter, startedBefore } = wanted;
  return [
    `WorkflowType = '${workflowType}'`,
    // A run that continued as new goes on as another run of the same turn.
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...(status === undefined ? [] : [statusIs(status)]),
    ...(startedAfter === undefined ? [] : [`StartTime > '${startedAfter}'`]),
    ...(startedBefore === undefined ? [] : [`StartTime < '${startedBefore}'`]),
    ...(attributes ? [...isOrIsNot(AGENT_ATTRIBUTE, agent), ...isOrIsNot(SESSION_ATTRIBUTE, sessionId)] : []),
  ].join(' AND ');
}

function statusIs(status: string): string {
  return status.startsWith('!') ? `ExecutionStatus != '${status.slice(1)}'` : `ExecutionStatus = '${status}'`;
}

function isOrIsNot(attribute: string, value: string | undefined): readonly string[] {
  if (value === undefined || !isPlain(value)) return [];
  return [`(${attribute} = '${value}' OR ${attribute} IS NULL)`];
}

/**
 * Values with other characters stay out of the query: how quotes and backslashes are escaped differs between
 * Temporal's stores, and some find nothing then.
 */
function isPlain(value: string): boolean {
  return isKeyword(value) && /^[^'"`\\\p{C}]+$/u.test(value);
}
