/** Many clients of one gateway, each with a connection of its own, in a process of their own. */
import { Agent, get } from 'node:http';
import { percentile } from '../figure.js';
import { serve } from '../support/serve.js';

export interface Watch {
  /** Of the event stream. */
  readonly url: string;
  readonly watchers: number;
}

export interface Watched {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Latencies that were taken: of what was sent when all watchers were there. */
  readonly taken: number;
  /** Events that each watcher got, and the number of different lists of ids. */
  readonly events: number;
  readonly lists: number;
  /** Watchers whose stream ended behind the end of the turn. */
  readonly whole: number;
}

interface Seen {
  readonly ids: string[];
  readonly arrivals: { readonly sent: number; readonly took: number }[];
  ended: boolean;
}

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

function follow(url: string): { connected: Promise<void>; done: Promise<Seen> } {
  const seen: Seen = { ids: [], arrivals: [], ended: false };
  let isThere: () => void = () => {};
  const met = new Promise<void>((resolve) => {
    isThere = resolve;
  });
  const done = new Promise<Seen>((resolve, reject) => {
    get(url, { agent }, (response) => {
      isThere();
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const now = Date.now();
        const frames = (rest + text).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) take(seen, frame, now);
      });
      response.on('end', () => resolve(seen));
      response.on('error', reject);
    }).on('error', reject);
  });
  return { connected: met, done };
}

function take(seen: Seen, frame: string, now: number): void {
  const id = /^id: (.*)$/m.exec(frame)?.[1];
  if (id === undefined) return;
  seen.ids.push(id);
  if (frame.includes('event: turn_')) seen.ended ||= !frame.includes('event: turn_started');
  const sent = Number(/"data":\{"sent":(\d+)\}/.exec(frame)?.[1] ?? Number.NaN);
  if (sent) seen.arrivals.push({ sent, took: now - sent });
}

let running: Promise<Watched> | undefined;
let allThere = Number.POSITIVE_INFINITY;

/** Resolves when all are connected. */
async function open({ url, watchers }: Watch): Promise<void> {
  const all = Array.from({ length: watchers }, () => follow(url));
  running = summed(all.map(({ done }) => done));
  allThere = Number.POSITIVE_INFINITY;
  await Promise.all(all.map(({ connected }) => connected));
  allThere = Date.now();
}

async function summed(all: readonly Promise<Seen>[]): Promise<Watched> {
  const seen = await Promise.all(all);
  const latencies = seen.flatMap(({ arrivals }) =>
    arrivals.filter(({ sent }) => sent > allThere).map(({ took }) => took),
  );
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    max: percentile(latencies, 1),
    taken: latencies.length,
    events: seen[0]?.ids.length ?? 0,
    lists: new Set(seen.map(({ ids }) => ids.join(' '))).size,
    whole: seen.filter(({ ended }) => ended).length,
  };
}

async function result(): Promise<Watched> {
  if (!running) throw new Error('nobody watches');
  return running;
}

const calls = { open, result };
export type SseWatcherCalls = typeof calls;
serve(calls);
