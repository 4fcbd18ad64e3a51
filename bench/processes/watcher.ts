/** Starts turns and watches them, each with a number of watchers, as a service beside the worker would. */
import { Client, Connection } from '@temporalio/client';
import { TurnClient } from '../../src/client/index.js';
import type { TurnHandle } from '../../src/client/index.js';
import type { PublishingMode, TurnInput } from '../../src/protocol/turn.js';
import { percentile } from '../figure.js';
import { memory, serve, setting } from '../support/serve.js';
import { StampReader } from '../support/stamps.js';

export interface Follow {
  readonly turnIds: readonly string[];
  /** Each turn adds its number: the scripted model tells turns by their texts. */
  readonly prompt: string;
  readonly mode?: PublishingMode;
  readonly watchers: number;
  /** Starts are this far apart, in ms. */
  readonly stagger?: number;
}

export interface Followed {
  /** Stamped deltas or reports seen, over all turns and watchers. */
  readonly seen: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** From the call of `start` to the first delta, in ms; the median over turns and watchers. */
  readonly first: number;
  /** From the last stamp to the turn's end, in ms; the greatest of them. */
  readonly end: number;
  /** Watchers whose deltas did not add up to the recorded text. */
  readonly torn: number;
  /** How the turns ended: `completed`, or the failure's code. */
  readonly ends: readonly string[];
}

interface Seen {
  readonly latencies: number[];
  first: number;
  end: number;
  torn: boolean;
  how: string;
}

const connection = await Connection.connect({
  address: setting('ADDRESS'),
  channelArgs: { 'grpc.max_receive_message_length': 128 * 1024 * 1024 },
});
const client = new Client({ connection, namespace: setting('NAMESPACE') });
const turns = new TurnClient({ client, taskQueue: setting('TASK_QUEUE') });

async function watch(turn: TurnHandle, startedAt: number): Promise<Seen> {
  const seen: Seen = { latencies: [], first: Number.NaN, end: Number.NaN, torn: false, how: '' };
  const reader = new StampReader();
  let last = Number.NaN;
  const sent = (times: readonly number[]): void => {
    const now = Date.now();
    if (seen.latencies.length === 0) seen.first = now - startedAt;
    for (const time of times) seen.latencies.push(now - time);
    last = times.at(-1) ?? last;
  };
  for await (const event of turn.events()) {
    if (event.type === 'step_progress') {
      if (event.delta.type === 'text') sent(reader.take(event.delta.text));
      if (event.delta.type === 'tool_report') sent([Number(Object(event.delta.data).sent)]);
    }
    seen.end = Date.now() - last;
    if (event.type === 'turn_failed') seen.how = event.error.code;
    if (event.type === 'turn_completed') {
      seen.how = event.status;
      seen.torn = reader.text !== event.final_text && reader.text !== '';
    }
  }
  return seen;
}

async function follow({ turnIds, prompt, mode, watchers, stagger = 0 }: Follow): Promise<Followed> {
  const seen = await Promise.all(
    turnIds.map(async (turnId, i) => {
      await new Promise((resolve) => setTimeout(resolve, i * stagger));
      const input: TurnInput = {
        agent: 'bench',
        input: `${prompt} ${turnId}`,
        ...(mode ? { publishing: { mode } } : {}),
      };
      const startedAt = Date.now();
      const turn = await turns.start(input, { turnId });
      if (watchers > 0) return Promise.all(Array.from({ length: watchers }, () => watch(turn, startedAt)));
      await client.workflow.getHandle(turnId).result();
      return [];
    }),
  );
  const all = seen.flat();
  const latencies = all.flatMap((one) => one.latencies);
  return {
    seen: latencies.length,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    max: percentile(latencies, 1),
    first: percentile(
      all.map((one) => one.first),
      0.5,
    ),
    end: percentile(
      all.map((one) => one.end),
      1,
    ),
    torn: all.filter((one) => one.torn).length,
    ends: all.map((one) => one.how),
  };
}

/** Wall times in ms of plain turns, and of the workflow by hand, in turns. */
async function race(rounds: number): Promise<{ turn: number[]; byHand: number[] }> {
  const taken = { turn: [] as number[], byHand: [] as number[] };
  for (let i = 0; i < rounds; i++) {
    const id = crypto.randomUUID();
    const turn = async (): Promise<void> => {
      taken.turn.push(
        await timed(async () => (await turns.start({ agent: 'bench', input: `plain ${id}` })).result()),
      );
    };
    const byHand = async (): Promise<void> => {
      const options = { workflowId: `hand-${id}`, taskQueue: turns.taskQueue, args: [`plain ${id}`] };
      taken.byHand.push(await timed(() => client.workflow.execute('byHand', options)));
    };
    // Whoever goes first changes, so that neither profits from what the other leaves behind.
    await (i % 2 === 0 ? turn() : byHand());
    await (i % 2 === 0 ? byHand() : turn());
  }
  return taken;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const calls = { follow, race, memory };
export type WatcherCalls = typeof calls;
serve(calls);
