/** Rows of Temporal's visibility, page by page, with a bound on the work that one page may take. */
import type { Client } from '@temporalio/client';
import { isoTime } from '../../history/event-time.js';
import { PayloadReader } from '../../history/payloads.js';
import { AGENT_ATTRIBUTE, SESSION_ATTRIBUTE } from '../../protocol/search-attributes.js';
import { hasSearchAttributes } from '../search-attributes.js';
import { formatPage, parsePage } from './page-token.js';
import type { Page } from './page.js';
import { visibilityQuery } from './visibility-query.js';
import type { Wanted } from './visibility-query.js';

type Found = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>;
export type Row = NonNullable<Found['executions']>[number];

/** Pages of Temporal's that are looked through for one of ours. */
const MOST_PAGES = 10;

export interface RowFacts {
  readonly agent: string;
  readonly session_id?: string;
  readonly started_at: string;
  readonly closed_at?: string;
}

/**
 * One page of what is wanted. Each page of Temporal's is asked for no more rows than are missing, so that no row is
 * left over whose place would have to be remembered: rows move while pages are read.
 */
export async function readRows<T>(
  client: Client,
  wanted: Wanted,
  { limit, page }: { readonly limit: number; readonly page: string | undefined },
  take: (row: Row) => Promise<T | undefined>,
): Promise<Page<T>> {
  let nextPageToken = page === undefined ? undefined : parsePage(page, wanted);
  const query = visibilityQuery(wanted, { attributes: await hasSearchAttributes(client) });
  const data = new Map<string, T>();
  for (let pages = 0; pages < MOST_PAGES && data.size < limit; pages += 1) {
    const found: Found = await client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      query,
      pageSize: limit - data.size,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    const rows = found.executions ?? [];
    const taken = await Promise.all(rows.map(take));
    for (const [index, member] of taken.entries()) {
      const id = rows[index]?.execution?.workflowId ?? '';
      // A reset makes a further run; the newest comes first.
      if (member !== undefined && !data.has(id)) data.set(id, member);
    }
    if (!found.nextPageToken?.length) return { data: [...data.values()] };
    nextPageToken = found.nextPageToken;
  }
  return {
    data: [...data.values()],
    ...(nextPageToken ? { next_page: formatPage(nextPageToken, wanted) } : {}),
  };
}

/** What the row says of a turn or a session under this memo key, or else by its search attributes. */
export async function factsOf(client: Client, row: Row, memoKey: string): Promise<RowFacts> {
  const reader = new PayloadReader(client.options.loadedDataConverter);
  // Without the codec that wrote it, a memo cannot be read; search attributes are never encoded by one.
  const memo = fields(await reader.member(row.memo?.fields, memoKey).catch(() => undefined));
  const attribute = (name: string): unknown => plainJson(row.searchAttributes?.indexedFields?.[name]?.data);
  const agent = memo['agent'] ?? attribute(AGENT_ATTRIBUTE);
  const session_id = memo['session_id'] ?? attribute(SESSION_ATTRIBUTE);
  // A run that goes on for another one has a start of its own.
  const { started_at } = memo;
  return {
    agent: typeof agent === 'string' ? agent : 'unknown',
    ...(typeof session_id === 'string' ? { session_id } : {}),
    started_at: typeof started_at === 'string' ? started_at : isoTime(row.startTime),
    ...(row.closeTime ? { closed_at: isoTime(row.closeTime) } : {}),
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Readonly<Record<string, unknown>>;
}

function plainJson(data: Uint8Array | null | undefined): unknown {
  return data?.length ? (JSON.parse(Buffer.from(data).toString()) as unknown) : undefined;
}
