/** Lists turns: one row of visibility for each, whatever the number of its runs. */
import type { Client } from '@temporalio/client';
import { AGENT_TURN, TURN_MEMO } from '../../protocol/names.js';
import { checkLimit, checkOneOf, checkText, checkTime, EXECUTION_STATUS } from './filter.js';
import type { TurnFilter, TurnStatus } from './filter.js';
import { listing } from './page.js';
import type { Listing, Page } from './page.js';
import { factsOf, readRows } from './rows.js';
import type { Row } from './rows.js';
import type { Wanted } from './visibility-query.js';

/** A turn in a list. */
export interface TurnSummary {
  readonly turn_id: string;
  /** `unknown` of a turn that was started without a memo. */
  readonly agent: string;
  /** The session, else the conversation, when there is one. */
  readonly session_id?: string;
  readonly status: TurnStatus;
  /** RFC 3339, UTC, milliseconds. */
  readonly started_at: string;
  /** The same; missing while it runs. */
  readonly closed_at?: string;
}

export function listTurns(client: Client, filter: TurnFilter): Listing<TurnSummary> {
  return listing(
    (page) => readTurns(client, { ...filter, ...(page === undefined ? {} : { page }) }),
    ({ turn_id }) => turn_id,
  );
}

async function readTurns(client: Client, filter: TurnFilter): Promise<Page<TurnSummary>> {
  const { agent, status, sessionId, page } = filter;
  checkText('agent', agent);
  checkText('sessionId', sessionId);
  checkOneOf('status', status, Object.keys(EXECUTION_STATUS));
  const wanted: Wanted = {
    workflowType: AGENT_TURN,
    agent,
    sessionId,
    status: status && EXECUTION_STATUS[status],
    startedAfter: checkTime('startedAfter', filter.startedAfter),
    startedBefore: checkTime('startedBefore', filter.startedBefore),
  };
  return readRows(client, wanted, { limit: checkLimit(filter.limit), page }, async (row) => {
    const turn = await summaryOf(client, row);
    if (agent !== undefined && turn.agent !== agent) return undefined;
    if (sessionId !== undefined && turn.session_id !== sessionId) return undefined;
    // The reset of a running turn leaves the run before it behind, as terminated.
    if (turn.status === 'terminated' && !(await isNewest(client, row))) return undefined;
    return turn;
  });
}

async function summaryOf(client: Client, row: Row): Promise<TurnSummary> {
  return {
    turn_id: row.execution?.workflowId ?? '',
    status: statusOf(row.status),
    ...(await factsOf(client, row, TURN_MEMO)),
  };
}

async function isNewest(client: Client, { execution }: Row): Promise<boolean> {
  const { runId } = await client.workflow.getHandle(execution?.workflowId ?? '').describe();
  return runId === execution?.runId;
}

/** temporal.api.enums.v1.WorkflowExecutionStatus; a connection may also decode enums to their names. */
function statusOf(status: Row['status']): TurnStatus {
  switch (String(status).replace('WORKFLOW_EXECUTION_STATUS_', '')) {
    case '2':
    case 'COMPLETED':
      return 'completed';
    case '3':
    case 'FAILED':
      return 'failed';
    case '4':
    case 'CANCELED':
      return 'cancelled';
    case '5':
    case 'TERMINATED':
      return 'terminated';
    case '7':
    case 'TIMED_OUT':
      return 'timed_out';
    default:
      return 'running';
  }
}
