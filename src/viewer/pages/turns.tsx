/** The list of turns. */
import { useApp } from '../app-context.js';
import { TURN_STATUSES } from '../net/wire.js';
import type { TurnFilter, TurnSummary } from '../net/wire.js';
import { ListFrame } from '../parts/list-frame.js';
import { FilterSelect, FilterText } from '../parts/filter.js';
import { Status } from '../parts/status.js';
import { Ago, Elapsed } from '../parts/time.js';
import { formatRoute, sessionHref, turnHref } from '../route.js';
import { stateWord } from '../view/format.js';
import { useRefreshed } from './use-page.js';

export function TurnsPage({ filter, onNew }: { filter: TurnFilter; onNew: () => void }) {
  const { api } = useApp();
  const { value, problem } = useRefreshed(JSON.stringify(filter), (signal) => api.turns(filter, signal));
  const show = (change: Partial<Record<keyof TurnFilter, string>>): void => {
    const { page: _page, ...rest } = filter;
    location.hash = formatRoute({ page: 'turns', filter: { ...rest, ...change } as TurnFilter });
  };
  const filtered =
    filter.agent !== undefined || filter.status !== undefined || filter.session_id !== undefined;
  return (
    <ListFrame
      title="Turns"
      action="Start a turn"
      onAction={onNew}
      problem={problem}
      rows={value?.data}
      filters={
        <>
          <FilterSelect
            label="State"
            value={filter.status ?? ''}
            choices={TURN_STATUSES.map((status) => [status, stateWord(status)])}
            onChange={(status) => show({ status })}
          />
          <FilterText label="Agent" value={filter.agent ?? ''} onChange={(agent) => show({ agent })} />
          <FilterText
            label="Session"
            value={filter.session_id ?? ''}
            onChange={(session_id) => show({ session_id })}
          />
        </>
      }
      columns={['Turn', 'State', 'Agent', 'Session', 'Started', 'Took']}
      keyOf={(turn) => turn.turn_id}
      row={TurnCells}
      empty={filtered ? 'No turn matches.' : 'No turn yet. Start one, or send a message to a session.'}
      firstPage={
        filter.page === undefined ? undefined : formatRoute({ page: 'turns', filter: withoutPage(filter) })
      }
      nextPage={
        value?.next_page === undefined
          ? undefined
          : formatRoute({ page: 'turns', filter: { ...filter, page: value.next_page } })
      }
    />
  );
}

function TurnCells(turn: TurnSummary) {
  return (
    <>
      <th scope="row" role="rowheader">
        <a class="row-link" href={turnHref(turn.turn_id)}>
          {turn.turn_id}
        </a>
      </th>
      <td role="cell">
        <Status state={turn.status} />
      </td>
      <td role="cell" class="name">
        {turn.agent}
      </td>
      <td role="cell" class="name">
        {turn.session_id === undefined ? (
          <span class="quiet">–</span>
        ) : (
          <a href={sessionHref(turn.session_id)}>{turn.session_id}</a>
        )}
      </td>
      <td role="cell">
        <Ago at={turn.started_at} />
      </td>
      <td role="cell">
        <Elapsed from={turn.started_at} to={turn.closed_at} />
      </td>
    </>
  );
}

function withoutPage({ page: _page, ...filter }: TurnFilter): TurnFilter {
  return filter;
}
