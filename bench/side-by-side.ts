/** Turns that stream side by side on one worker, more and more of them, until the latency breaks. */
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

const DELTAS = 1000;
const PER_SECOND = 50;
const BREAKS_MS = 2000;
const MIB = 1024 * 1024;

export async function sideBySideFigures(stage: Stage): Promise<Figure[]> {
  const figures: Figure[] = [];
  const idle = await stage.worker.ask('memory');
  for (const turns of [25, 50, 100, 150, 200]) {
    const followed = await stage.turns(turns, {
      prompt: `stream ${DELTAS} ${PER_SECOND}`,
      watchers: 1,
      stagger: 50,
    });
    const conditions = { turns, deltas: DELTAS, characters: 15, per_second: PER_SECOND };
    const lost = turns * DELTAS - followed.seen + followed.torn;
    const bars = turns === 100;
    figures.push(
      figure('side_by_side_delta_to_watcher_p50', { value: followed.p50, unit: 'ms', conditions }),
      figure('side_by_side_delta_to_watcher_p99', {
        value: followed.p99,
        unit: 'ms',
        conditions,
        ...(bars ? { bar: { atMost: BREAKS_MS } } : {}),
      }),
      figure('side_by_side_deltas_lost', { value: lost, unit: 'deltas', bar: { atMost: 0 }, conditions }),
    );
    if (bars) figures.push(...(await memoryFigures(stage, idle.now, conditions)));
    if (followed.p99 > BREAKS_MS) break;
  }
  return figures;
}

async function memoryFigures(
  { worker, watcher }: Stage,
  idle: number,
  conditions: Figure['conditions'],
): Promise<Figure[]> {
  const [ofWorker, ofWatcher] = [await worker.ask('memory'), await watcher.ask('memory')];
  return [
    figure('worker_memory_before', { value: idle / MIB, unit: 'MiB', conditions: { turns: 0 } }),
    figure('worker_memory_peak', { value: ofWorker.peak / MIB, unit: 'MiB', conditions }),
    figure('watcher_memory_peak', { value: ofWatcher.peak / MIB, unit: 'MiB', conditions }),
  ];
}
