/** Whether what is shown is what there is. */
import { useApp } from '../app-context.js';
import type { Connection } from '../net/event-stream.js';
import { Until } from './time.js';

export function ConnectionBadge({ connection }: { connection: Connection }) {
  const { wake } = useApp();
  switch (connection.state) {
    case 'connecting':
      return <Badge tone="quiet" text="Connecting…" />;
    case 'live':
      return <Badge tone="good" text="Live" live />;
    case 'over':
      return <Badge tone="quiet" text="All events read" />;
    case 'broken':
      return <Badge tone="bad" text="Not connected" />;
    case 'waiting':
      return (
        <span class="connection" data-tone="attention" title={connection.reason}>
          <span class="status-dot" aria-hidden="true" />
          <span>
            Reconnecting <Until at={connection.until} past="now" />
          </span>
          <button type="button" class="link" onClick={wake}>
            Try now
          </button>
        </span>
      );
    default: {
      const unknown: never = connection;
      return unknown;
    }
  }
}

function Badge({ tone, text, live = false }: { tone: string; text: string; live?: boolean }) {
  return (
    <span class="connection" data-tone={tone} data-live={live}>
      <span class="status-dot" aria-hidden="true" />
      {text}
    </span>
  );
}
