/** The list of sessions. */
import { useApp } from '../app-context.js';
import type { SessionFilter, SessionSummary } from '../net/wire.js';
import { FilterSelect, FilterText } from '../parts/filter.js';
import { ListFrame } from '../parts/list-frame.js';
import { Status } from '../parts/status.js';
import { Ago } from '../parts/time.js';
import { formatRoute, sessionHref } from '../route.js';
import { useRefreshed } from './use-page.js';

export function SessionsPage({ filter, onNew }: { filter: SessionFilter; onNew: () => void }) {
  const { api } = useApp();
  const { value, problem } = useRefreshed(JSON.stringify(filter), (signal) => api.sessions(filter, signal));
  const show = (change: Partial<Record<keyof SessionFilter, string>>): void => {
    const { page: _page, ...rest } = filter;
    location.hash = formatRoute({ page: 'sessions', filter: { ...rest, ...change } as SessionFilter });
  };
  const filtered = filter.agent !== undefined || filter.status !== undefined;
  const { page: _page, ...first } = filter;
  return (
    <ListFrame
      title="Sessions"
      action="Start a chat"
      onAction={onNew}
      problem={problem}
      rows={value?.data}
      filters={
        <>
          <FilterSelect
            label="State"
            value={filter.status ?? ''}
            choices={[
              ['open', 'open'],
              ['closed', 'closed'],
            ]}
            onChange={(status) => show({ status })}
          />
          <FilterText label="Agent" value={filter.agent ?? ''} onChange={(agent) => show({ agent })} />
        </>
      }
      columns={['Session', 'State', 'Agent', 'Started']}
      keyOf={(session) => session.session_id}
      row={SessionCells}
      empty={filtered ? 'No session matches.' : 'No session yet. Start a chat.'}
      firstPage={filter.page === undefined ? undefined : formatRoute({ page: 'sessions', filter: first })}
      nextPage={
        value?.next_page === undefined
          ? undefined
          : formatRoute({ page: 'sessions', filter: { ...filter, page: value.next_page } })
      }
    />
  );
}

function SessionCells(session: SessionSummary) {
  return (
    <>
      <th scope="row" role="rowheader">
        <a class="row-link" href={sessionHref(session.session_id)}>
          {session.session_id}
        </a>
      </th>
      <td role="cell">
        <Status state={session.status} />
      </td>
      <td role="cell" class="name">
        {session.agent}
      </td>
      <td role="cell">
        <Ago at={session.started_at} />
      </td>
    </>
  );
}
