// Turns side by side while things break, and the verdict afterwards.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../../src/testing/index.js';
import type { AgentName } from './agents.js';
import { worldOf, wrongWith } from './check.js';
import type { ChaosTurn } from './check.js';
import { breakThings, planOf } from './faults.js';
import { memoryOf } from './memory.js';
import type { MemoryReport } from './memory.js';
import { KINDS, promptOf } from './script.js';
import type { Kind } from './script.js';
import { setStage } from './stage.js';
import type { Stage } from './stage.js';
import type { Seen } from './watching.js';

export interface SoakOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Turns side by side. */
  readonly atOnce: number;
  /** The first of them is never killed. At least 2. */
  readonly workers: number;
  /** Folder of compiled programs. Default: tsx runs them. */
  readonly programs?: string;
  readonly log?: (line: string) => void;
}

export interface SoakReport {
  readonly turns: number;
  /** How often each fault happened. */
  readonly faults: Readonly<Record<string, number>>;
  /** Steps that were void in the end, over all turns. */
  readonly superseded: number;
  readonly requests: number;
  /** Tries of the tool's activity, and entries in its ledger. */
  readonly entries: number;
  readonly memory: Readonly<Record<string, MemoryReport>>;
  /** Each with the turn's id, if it is one of a turn. Empty: all is well. */
  readonly failures: readonly string[];
}

/** How long a turn may take once everything is up again, in ms. It is no measure of speed: hanging is a failure. */
const LAST_TURNS_MS = 120_000;

export async function soak({
  seed,
  seconds,
  atOnce,
  workers,
  programs,
  log = () => undefined,
}: SoakOptions): Promise<SoakReport> {
  const stage = await setStage({ workerCount: workers, programs });
  try {
    const memory = memoryOf(stage);
    const faults: Record<string, number> = {};
    const count = (fault: string): void => {
      faults[fault] = (faults[fault] ?? 0) + 1;
      log(fault);
    };
    const over = AbortSignal.timeout(seconds * 1000);
    const breaking = breakThings(planOf(seed, seconds * 1000), stage, count, over);
    const until = Date.now() + seconds * 1000;
    const random = new SeededRandom(seed);
    const patience = new AbortController();
    const givenUp = once(patience.signal, 'abort');
    const lanes = Array.from({ length: atOnce }, (_, lane) =>
      runLane(stage, `s${seed}-${lane}`, random.fork(), { until, givenUp }),
    );
    await breaking;
    log('everything is up again');
    const timer = setTimeout(() => patience.abort(), LAST_TURNS_MS);
    const done = (await Promise.all(lanes)).flat();
    clearTimeout(timer);
    memory.stop();
    const world = worldOf(
      stage,
      done.map(([turn]) => turn),
    );
    const failures: string[] = [];
    for (const [turn, seen] of done) {
      for (const problem of await wrongWith(turn, seen, world))
        failures.push(`${turn.turnId} (${turn.kind}): ${problem}`);
    }
    for (const { diedAlone } of stage.workers) {
      if (diedAlone !== undefined) failures.push(`a worker ended by itself: ${diedAlone}`);
    }
    return {
      turns: done.length,
      faults,
      superseded: done.reduce((sum, [, { superseded }]) => sum + superseded, 0),
      requests: stage.model.modelRequests.length,
      entries: world.ledger.length,
      memory: memory.report(),
      failures: [...failures, ...memory.growing()],
    };
  } finally {
    await stage.stop();
  }
}

type Done = readonly [ChaosTurn, Seen];

interface Limits {
  /** No turn begins after this time, in ms since 1970. */
  readonly until: number;
  /** Fulfilled when turns have had time enough to end. */
  readonly givenUp: Promise<unknown>;
}

/** One turn after the other, of kinds that the seed decides. */
async function runLane(stage: Stage, name: string, random: SeededRandom, limits: Limits): Promise<Done[]> {
  const done: Done[] = [];
  for (let n = 0; Date.now() < limits.until; n += 1) {
    const turn = await newTurn(stage, `${name}-${n}`, random.pick(KINDS));
    done.push([turn, await runTurn(stage, turn, random.fork(), limits.givenUp)]);
  }
  return done;
}

async function runTurn(
  { turns, watching }: Stage,
  { turnId, kind, conversation }: ChaosTurn,
  random: SeededRandom,
  givenUp: Promise<unknown>,
): Promise<Seen> {
  const agent: AgentName = kind === 'stateless' || kind === 'background' ? kind : 'chained';
  const input = {
    agent,
    input: promptOf(turnId, kind),
    ...(conversation === undefined ? {} : { conversation }),
  };
  // Temporal may be down just now. The same turn is never started twice.
  const handle = await persist(() => turns.start(input, { turnId }));
  const seeing = watching.watch({ turnId, seed: random.int(2 ** 32) });
  if (kind === 'cancelled') {
    await sleep(random.int(4000));
    await persist(() => handle.cancel());
  }
  const problems = [`it did not end within ${LAST_TURNS_MS} ms after everything was up again`];
  const late = givenUp.then((): Seen => ({ turnId, problems, attempts: 0, superseded: 0 }));
  return Promise.race([seeing, late]);
}

async function newTurn(stage: Stage, turnId: string, kind: Kind): Promise<ChaosTurn> {
  if (kind !== 'conversation') return { turnId, kind };
  return { turnId, kind, conversation: await newConversation(stage) };
}

async function newConversation({ model }: Stage): Promise<string> {
  const headers = { authorization: 'Bearer k', 'content-type': 'application/json' };
  const response = await fetch(`${model.url}/conversations`, { method: 'POST', headers, body: '{}' });
  return ((await response.json()) as { id: string }).id;
}

async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(500);
    }
  }
}
