/** How soon a watcher sees what is published, and that watching leaves no trace in the history. */
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

const BARS: Readonly<Record<number, { readonly p50?: number; readonly p99?: number }>> = {
  1: { p50: 15, p99: 100 },
  50: { p99: 150 },
};

/** A tool that reports every 250 ms, so that each report is published at once, by a signal of its own. */
export async function publishFigures(stage: Stage): Promise<Figure[]> {
  const alone = await stage.turns(1, { prompt: 'report', watchers: 0 });
  const unwatched = await stage.history(alone.turnIds[0] ?? '');
  const figures: Figure[] = [];
  for (const watchers of [1, 10, 50]) {
    const followed = await stage.turns(1, { prompt: 'report', watchers });
    const { events } = await stage.history(followed.turnIds[0] ?? '');
    const conditions = { watchers, reports: 40, every_ms: 250 };
    const { p50, p99 } = BARS[watchers] ?? {};
    const ms = (value: number, atMost: number | undefined) =>
      ({ value, unit: 'ms', conditions, ...(atMost === undefined ? {} : { bar: { atMost } }) }) as const;
    figures.push(
      figure('publish_to_watcher_p50', ms(followed.p50, p50)),
      figure('publish_to_watcher_p99', ms(followed.p99, p99)),
      figure('history_events_more_than_unwatched', {
        value: events - unwatched.events,
        unit: 'events',
        bar: { atMost: 0 },
        conditions,
      }),
    );
  }
  for (const watchers of [10, 50]) {
    const { p50, p99 } = await stage.turns(1, { prompt: 'stream 500 50', watchers });
    const conditions = { watchers, deltas: 500, characters: 15, per_second: 50 };
    figures.push(
      figure('delta_to_watcher_p50', { value: p50, unit: 'ms', conditions }),
      figure('delta_to_watcher_p99', { value: p99, unit: 'ms', conditions }),
    );
  }
  return figures;
}
