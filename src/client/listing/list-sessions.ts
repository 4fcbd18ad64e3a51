/** Lists sessions: one row of visibility for each, whatever the number of its runs. */
import type { Client } from '@temporalio/client';
import { AGENT_SESSION, SESSION_MEMO } from '../../protocol/names.js';
import { checkLimit, checkOneOf, checkText } from './filter.js';
import type { SessionFilter, SessionStatus } from './filter.js';
import { listing } from './page.js';
import type { Listing, Page } from './page.js';
import { factsOf, readRows } from './rows.js';
import type { Row } from './rows.js';
import type { Wanted } from './visibility-query.js';

/** A session in a list. */
export interface SessionSummary {
  readonly session_id: string;
  readonly agent: string;
  readonly status: SessionStatus;
  /** RFC 3339, UTC, milliseconds. */
  readonly started_at: string;
  readonly closed_at?: string;
}

const STATUS: Readonly<Record<SessionStatus, string>> = { open: 'Running', closed: '!Running' };

export function listSessions(client: Client, filter: SessionFilter): Listing<SessionSummary> {
  return listing(
    (page) => readSessions(client, { ...filter, ...(page === undefined ? {} : { page }) }),
    ({ session_id }) => session_id,
  );
}

async function readSessions(client: Client, filter: SessionFilter): Promise<Page<SessionSummary>> {
  const { agent, status, page } = filter;
  checkText('agent', agent);
  checkOneOf('status', status, Object.keys(STATUS));
  const wanted: Wanted = { workflowType: AGENT_SESSION, agent, status: status && STATUS[status] };
  return readRows(client, wanted, { limit: checkLimit(filter.limit), page }, async (row) => {
    const session = await summaryOf(client, row);
    return agent !== undefined && session.agent !== agent ? undefined : session;
  });
}

async function summaryOf(client: Client, row: Row): Promise<SessionSummary> {
  const { agent, started_at, closed_at } = await factsOf(client, row, SESSION_MEMO);
  return {
    session_id: row.execution?.workflowId ?? '',
    agent,
    status: closed_at === undefined ? 'open' : 'closed',
    started_at,
    ...(closed_at === undefined ? {} : { closed_at }),
  };
}
