/** Turns that are cancelled while the model speaks: how soon its connection is closed, and whether it is asked again. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TurnClient } from '../src/client/index.js';
import { figure, percentile } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

const RUNS = 50;
const AT_ONCE = 5;
/** Longer than any of our waits before a model is asked again early on. */
const AFTERWARDS_MS = 5000;

export async function cancelFigures(stage: Stage): Promise<Figure[]> {
  const { ADDRESS: address, NAMESPACE: namespace, TASK_QUEUE: taskQueue } = stage.env;
  const turns = await TurnClient.connect({ address, namespace, taskQueue });
  try {
    const before = await stage.model.ask('requests');
    const took: number[] = [];
    let left = RUNS;
    const work = async (): Promise<void> => {
      while (left-- > 0) took.push(await cancelled(stage, turns));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await sleep(AFTERWARDS_MS);
    const again = (await stage.model.ask('requests')) - before - took.length;
    const conditions = { runs: took.length, side_by_side: AT_ONCE };
    return [
      figure('cancel_to_closed_p50', { value: percentile(took, 0.5), unit: 'ms', conditions }),
      figure('cancel_to_closed_p99', {
        value: percentile(took, 0.99),
        unit: 'ms',
        bar: { atMost: 1500 },
        conditions,
      }),
      figure('cancel_requests_afterwards', {
        value: again,
        unit: 'requests',
        bar: { atMost: 0 },
        conditions,
      }),
    ];
  } finally {
    await turns.close();
  }
}

/** From the call of `cancel` to the close of the model's connection, in ms. */
async function cancelled({ model }: Stage, turns: TurnClient): Promise<number> {
  const prompt = `stream 3000 50 ${randomUUID()}`;
  const turn = await turns.start({ agent: 'bench', input: prompt });
  // Not all at the same moment between two heartbeats.
  await model.ask('streamed', { prompt, nth: 1, events: 20 + Math.floor(Math.random() * 50) });
  const called = Date.now();
  await turn.cancel();
  return (await model.ask('closed', prompt)) - called;
}
