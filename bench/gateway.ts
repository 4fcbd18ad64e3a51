/** Many watchers of one turn through one gateway: whether all see all, how soon, and what each costs. */
import { randomUUID } from 'node:crypto';
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import type { GatewayCalls } from './processes/gateway.js';
import type { SseWatcherCalls } from './processes/sse-watchers.js';
import { Child } from './support/child.js';
import type { Stage } from './support/stage.js';

const WATCHERS = 1000;
const CONDITIONS = { watchers: WATCHERS, reports: 40, every_ms: 250 };

/** A tool that reports every 250 ms; the watchers come when its turn has just begun. */
export async function gatewayFigures(stage: Stage): Promise<Figure[]> {
  const gateway = await Child.start<GatewayCalls>('gateway.ts', stage.env);
  const clients = await Child.start<SseWatcherCalls>('sse-watchers.ts', {});
  try {
    const url = await gateway.ask('url');
    // What is loaded with the first watchers is not theirs.
    await watched(stage, clients, url, 10);
    const before = await gateway.ask('memory');
    const turnId = `turn-${randomUUID()}`;
    const running = run(stage, turnId);
    await known(`${url}/turns/${turnId}`);
    await clients.ask('open', { url: `${url}/turns/${turnId}/events`, watchers: WATCHERS });
    const readers = await readersOf(url);
    const during = await gateway.ask('memory');
    const connected = await gateway.ask('processor');
    const seen = await clients.ask('result');
    const spent = (await gateway.ask('processor')) - connected;
    await running;
    const ms = (value: number, atMost?: number) =>
      ({ value, unit: 'ms', conditions: CONDITIONS, ...(atMost ? { bar: { atMost } } : {}) }) as const;
    return [
      figure('gateway_publish_to_watcher_p50', ms(seen.p50)),
      figure('gateway_publish_to_watcher_p99', ms(seen.p99, 500)),
      figure('gateway_publish_to_watcher_max', ms(seen.max)),
      figure('gateway_watchers_that_saw_all', {
        value: seen.lists === 1 ? seen.whole : 0,
        unit: 'watchers',
        bar: { atLeast: WATCHERS },
        conditions: { ...CONDITIONS, events: seen.events, latencies: seen.taken },
      }),
      figure('gateway_history_readers', {
        value: readers,
        unit: 'readers',
        bar: { atMost: 1 },
        conditions: CONDITIONS,
      }),
      figure('gateway_processor_time_per_report', {
        value: (spent * WATCHERS) / seen.taken,
        unit: 'ms',
        conditions: CONDITIONS,
      }),
      figure('gateway_memory_per_watcher', {
        value: (during.now - before.now) / WATCHERS / 1024,
        unit: 'KiB',
        conditions: CONDITIONS,
      }),
    ];
  } finally {
    await clients.stop();
    await gateway.stop();
  }
}

async function watched(
  stage: Stage,
  clients: Child<SseWatcherCalls>,
  url: string,
  watchers: number,
): Promise<void> {
  const turnId = `turn-${randomUUID()}`;
  const running = run(stage, turnId);
  await known(`${url}/turns/${turnId}`);
  await clients.ask('open', { url: `${url}/turns/${turnId}/events`, watchers });
  await clients.ask('result');
  await running;
}

function run(stage: Stage, turnId: string): Promise<unknown> {
  return stage.watcher.ask('follow', { turnIds: [turnId], prompt: 'report', watchers: 0 });
}

async function known(url: string): Promise<void> {
  while (!(await fetch(url)).ok) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function readersOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^durable_turns_gateway_readers (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}
