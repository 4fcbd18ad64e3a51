/** What both lists look like: heading, filters, table, pages. */
import type { ComponentChildren } from 'preact';
import { Problem } from './error-note.js';
import { Icon } from './icon.js';

interface ListFrameProps<T> {
  readonly title: string;
  readonly action: string;
  readonly onAction: () => void;
  readonly filters: ComponentChildren;
  readonly problem: string | undefined;
  readonly columns: readonly string[];
  /** Undefined: not here yet. */
  readonly rows: readonly T[] | undefined;
  readonly keyOf: (row: T) => string;
  readonly row: (row: T) => ComponentChildren;
  readonly empty: string;
  readonly firstPage: string | undefined;
  readonly nextPage: string | undefined;
}

export function ListFrame<T>(props: ListFrameProps<T>) {
  const { title, action, onAction, filters, problem, rows } = props;
  return (
    <main id="main" class="list-page">
      <div class="page-head">
        <h1 tabIndex={-1}>{title}</h1>
        <button type="button" class="primary" onClick={onAction}>
          <Icon name="plus" /> {action}
        </button>
      </div>
      <div class="filters" role="search" aria-label={`Filter ${title.toLowerCase()}`}>
        {filters}
      </div>
      {problem === undefined ? null : <Problem message={problem} />}
      {rows === undefined ? (
        problem === undefined ? (
          <p class="empty">Loading…</p>
        ) : null
      ) : (
        <Rows {...props} rows={rows} />
      )}
    </main>
  );
}

function Rows<T>(props: ListFrameProps<T> & { readonly rows: readonly T[] }) {
  const { title, columns, rows, keyOf, row, empty, firstPage, nextPage } = props;
  return (
    <>
      {rows.length === 0 ? (
        <p class="empty">{empty}</p>
      ) : (
        <div class="table-card">
          {/* Roles are written out: on narrow pages rows are laid out as cards, and browsers then forget them. */}
          <table class="list-table" role="table">
            <caption class="hidden">{title}, newest first</caption>
            <thead role="rowgroup">
              <tr role="row">
                {columns.map((column) => (
                  <th key={column} scope="col" role="columnheader">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {rows.map((entry) => (
                <tr key={keyOf(entry)} role="row">
                  {row(entry)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {firstPage === undefined && nextPage === undefined ? null : (
        <nav class="pager" aria-label="Pages">
          {firstPage === undefined ? null : <a href={firstPage}>Newest</a>}
          {nextPage === undefined ? null : <a href={nextPage}>Older</a>}
        </nav>
      )}
    </>
  );
}
