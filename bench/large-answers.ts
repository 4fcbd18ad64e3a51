/** Long answers are complete, and one that is too long ends in a typed failure without being asked for again. */
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

const TOO_LARGE = 3 * 1024 * 1024;

export async function largeAnswerFigures(stage: Stage): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [deltas, perSecond] of [
    [5_000, 1_000],
    [50_000, 5_000],
  ] as const) {
    const followed = await stage.turns(1, { prompt: `stream ${deltas} ${perSecond}`, watchers: 1 });
    const { events, bytes } = await stage.history(followed.turnIds[0] ?? '');
    const conditions = { deltas, characters: 15, per_second: perSecond, watchers: 1 };
    figures.push(
      figure('long_answer_deltas_lost', {
        value: deltas - followed.seen + followed.torn,
        unit: 'deltas',
        bar: { atMost: 0 },
        conditions,
      }),
      figure('long_answer_result_after_last_delta', {
        value: followed.end,
        unit: 'ms',
        bar: { atMost: 500 },
        conditions,
      }),
      figure('long_answer_history_bytes', {
        value: bytes,
        unit: 'bytes',
        conditions: { ...conditions, events },
      }),
    );
  }
  const before = await stage.model.ask('requests');
  const { ends } = await stage.turns(1, { prompt: `large ${TOO_LARGE}`, watchers: 1 });
  const requests = (await stage.model.ask('requests')) - before;
  const conditions = { bytes: TOO_LARGE, ended: ends.join(' ') };
  const typed = ends.every((end) => end === 'turn_too_large');
  return [
    ...figures,
    figure('too_large_answer_model_requests', {
      // A turn that ended in another way is no figure.
      value: typed ? requests : Number.NaN,
      unit: 'requests',
      bar: { atMost: 1 },
      conditions,
    }),
  ];
}
