/** A failure: what happened and what to do (both in its message), and the facts that support asks for. */
import type { TurnError } from '../../events/turn-event.js';

const FROM: Readonly<Record<TurnError['source'], string>> = {
  model: 'Model error',
  tool: 'Tool error',
  limit: 'Limit reached',
  workflow: 'Turn error',
};

export function ErrorNote({ error }: { error: TurnError }) {
  const facts: [string, string | number | undefined][] = [
    ['HTTP status', error.http_status],
    ['attempt', error.attempt],
    ['request', error.request_id],
    ['response', error.response_id],
  ];
  return (
    <div class="note" data-tone="bad" role="group" aria-label={FROM[error.source]}>
      <p class="note-title">
        {FROM[error.source]} <code>{error.code}</code>
      </p>
      <p class="note-text">{error.message}</p>
      <p class="note-facts">
        {error.retryable ? 'The same may work at another time.' : 'It will not pass by itself.'}
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <span key={name} class="fact">
              {name} <code>{value}</code>
            </span>
          ),
        )}
      </p>
    </div>
  );
}

/** Something between the page and the gateway went wrong. */
export function Problem({ message }: { message: string }) {
  return (
    <div class="note" data-tone="bad" role="alert">
      <p class="note-text">{message}</p>
    </div>
  );
}
