/** The wall time of a plain turn, beside a workflow with one activity that somebody wrote by hand. */
import { figure, percentile } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

const ROUNDS = 100;
const WARM_UP = 20;

/** One after another, in the same run, on the same worker and model; from the call of start to the result. */
export async function wallTimeFigures({ watcher }: Stage): Promise<Figure[]> {
  await watcher.ask('race', WARM_UP);
  const { turn, byHand } = await watcher.ask('race', ROUNDS);
  const [ours, theirs] = [percentile(turn, 0.5), percentile(byHand, 0.5)];
  const conditions = { rounds: ROUNDS, statistic: 'median' };
  return [
    figure('plain_turn_wall_time', { value: ours, unit: 'ms', conditions }),
    figure('by_hand_wall_time', { value: theirs, unit: 'ms', conditions }),
    figure('plain_turn_to_by_hand', {
      value: ours / theirs,
      unit: 'ratio',
      bar: { atMost: 1.15 },
      conditions,
    }),
  ];
}
