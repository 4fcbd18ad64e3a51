/** Workers that are killed or told to stop while the model speaks: how soon another one asks it again. */
import { randomUUID } from 'node:crypto';
import { TurnClient } from '../src/client/index.js';
import type { TurnHandle } from '../src/client/index.js';
import type { WorkerCalls } from './processes/worker.js';
import { figure, percentile } from './figure.js';
import type { Figure } from './figure.js';
import { Child } from './support/child.js';
import type { Stage } from './support/stage.js';

/** Turns that a worker has at work when it ends. */
const TURNS = 4;
const KILLS = 3;
const HEARTBEAT_TIMEOUTS_MS = [1000, 10_000];
/** Bring the turns to their fifth attempt. */
const HAND_OVERS = 5;
const HAND_OVER_ROUNDS = 2;
/** What a turn may take beyond the time after which nobody could know of the death. */
const ALLOWED_MS = 2000;
const EVENTS = 50;

export async function recoveryFigures(stage: Stage): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const timeout of HEARTBEAT_TIMEOUTS_MS) {
    const took: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      took.push(...(await onWorkers(stage, { HEARTBEAT_TIMEOUT: String(timeout) }, killed)));
    }
    figures.push(...told(`killed_to_asked_again_${timeout / 1000}s`, took, timeout + ALLOWED_MS));
  }
  const handOvers: number[][] = [];
  for (let round = 0; round < HAND_OVER_ROUNDS; round++)
    handOvers.push(...(await onWorkers(stage, {}, handedOver)));
  const ofAttempt = (n: number) => handOvers.map((took) => took[n - 1] ?? Number.NaN);
  return [
    ...figures,
    ...told('stopped_to_asked_again_attempt_1', ofAttempt(1), ALLOWED_MS),
    ...told(`stopped_to_asked_again_attempt_${HAND_OVERS}`, ofAttempt(HAND_OVERS), ALLOWED_MS),
  ];
}

function told(name: string, took: readonly number[], atMost: number): Figure[] {
  const conditions = { runs: took.length, side_by_side: TURNS };
  return [
    figure(`${name}_p50`, { value: percentile(took, 0.5), unit: 'ms', conditions }),
    figure(`${name}_max`, { value: percentile(took, 1), unit: 'ms', bar: { atMost }, conditions }),
  ];
}

/** Turns and the workers that have them, one after another. */
class Relay {
  readonly #stage: Stage;
  readonly #env: Readonly<Record<string, string>>;
  #worker: Child<WorkerCalls>;
  readonly #prompts = Array.from({ length: TURNS }, () => `stream 9000 50 ${randomUUID()}`);

  private constructor(stage: Stage, env: Readonly<Record<string, string>>, worker: Child<WorkerCalls>) {
    this.#stage = stage;
    this.#env = env;
    this.#worker = worker;
  }

  static async begin(stage: Stage, env: Readonly<Record<string, string>>): Promise<Relay> {
    return new Relay(stage, env, await Child.start<WorkerCalls>('worker.ts', env));
  }

  start(turns: TurnClient): Promise<TurnHandle[]> {
    return Promise.all(this.#prompts.map((input) => turns.start({ agent: 'bench', input })));
  }

  /**
   * Ends the worker while another one is up; for each turn the ms until the model is asked for the attempt that
   * follows the `attempt`-th.
   */
  async pass(attempt: number, end: (worker: Child<WorkerCalls>) => void): Promise<number[]> {
    await Promise.all(this.#prompts.map((prompt) => this.#asked(prompt, attempt, EVENTS)));
    const next = await Child.start<WorkerCalls>('worker.ts', this.#env);
    const last = this.#worker;
    this.#worker = next;
    const ended = Date.now();
    end(last);
    const asked = await Promise.all(this.#prompts.map((prompt) => this.#asked(prompt, attempt + 1, 1)));
    await last.stop();
    return asked.map((at) => at - ended);
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }

  #asked(prompt: string, nth: number, events: number): Promise<number> {
    return this.#stage.model.ask('streamed', { prompt, nth, events });
  }
}

/** On a task queue of its own, so that no worker but these can have its turns. */
async function onWorkers<T>(
  stage: Stage,
  settings: Readonly<Record<string, string>>,
  take: (relay: Relay) => Promise<T>,
): Promise<T> {
  const { ADDRESS: address, NAMESPACE: namespace } = stage.env;
  const taskQueue = `recovery-${randomUUID()}`;
  const turns = await TurnClient.connect({ address, namespace, taskQueue });
  const env = { ...stage.env, ...settings, TASK_QUEUE: taskQueue, BASE_URL: await stage.model.ask('url') };
  const relay = await Relay.begin(stage, env);
  try {
    const handles = await relay.start(turns);
    const taken = await take(relay);
    await Promise.all(handles.map((turn) => turn.cancel()));
    await Promise.all(handles.map((turn) => turn.result().catch(() => undefined)));
    return taken;
  } finally {
    await relay.stop();
    await turns.close();
  }
}

const killed = (relay: Relay): Promise<number[]> => relay.pass(1, (worker) => void worker.stop());

/** For each turn the times of its hand-overs. */
async function handedOver(relay: Relay): Promise<number[][]> {
  const passes: number[][] = [];
  for (let attempt = 1; attempt <= HAND_OVERS; attempt++)
    passes.push(await relay.pass(attempt, (worker) => worker.terminate()));
  return Array.from({ length: TURNS }, (_, turn) => passes.map((took) => took[turn] ?? Number.NaN));
}
