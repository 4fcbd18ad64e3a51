/** A streaming turn: what it costs in the history, and how soon a watcher sees it. */
import { figure, percentile } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

const DELTAS = 1000;
const PER_SECOND = 50;
/** Short turns, one after another, for what a turn has only one of. */
const STARTS = 15;

/** 1,000 deltas of 15 characters at 50/s, one watcher. */
export async function streamingFigures(stage: Stage): Promise<Figure[]> {
  const followed = await stage.turns(1, { prompt: `stream ${DELTAS} ${PER_SECOND}`, watchers: 1 });
  const { events, bytes } = await stage.history(followed.turnIds[0] ?? '');
  const conditions = { deltas: DELTAS, characters: 15, per_second: PER_SECOND, watchers: 1 };
  const lost = DELTAS - followed.seen + followed.torn;
  const ms = (value: number, atMost?: number) =>
    ({ value, unit: 'ms', conditions, ...(atMost === undefined ? {} : { bar: { atMost } }) }) as const;
  return [
    figure('stream_history_bytes_per_delta', {
      value: bytes / DELTAS,
      unit: 'bytes/delta',
      bar: { atMost: 145 },
      conditions,
    }),
    figure('stream_history_events', { value: events, unit: 'events', conditions }),
    figure('delta_to_watcher_p50', ms(followed.p50, 75)),
    figure('delta_to_watcher_p99', ms(followed.p99, 200)),
    figure('delta_to_watcher_max', ms(followed.max)),
    figure('first_delta_after_start', {
      value: await firstDelta(stage),
      unit: 'ms',
      bar: { atMost: 100 },
      conditions: { turns: STARTS, statistic: 'median' },
    }),
    figure('deltas_lost', { value: lost, unit: 'deltas', bar: { atMost: 0 }, conditions }),
  ];
}

async function firstDelta(stage: Stage): Promise<number> {
  const firsts: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    firsts.push((await stage.turns(1, { prompt: `stream 25 ${PER_SECOND}`, watchers: 1 })).first);
  }
  return percentile(firsts, 0.5);
}
