// What goes wrong in a chaos run.

import { setTimeout as sleep } from 'node:timers/promises';
import { carryOut, planFaults } from '../../src/testing/index.js';
import type {
  FaultActions,
  Killable,
  PlannedFault,
  SeededRandom,
  TcpProxy,
} from '../../src/testing/index.js';
import type { Stage } from './stage.js';

const KILLS = ['kill worker', 'kill worker', 'pause worker', 'stop worker', 'kill temporal'] as const;
const BREAKS = [
  'cut model',
  'reset model',
  'stall model',
  'cut worker',
  'reset worker',
  'stall worker',
  'lose answers to worker',
  'refuse worker',
  'cut watcher',
  'reset watcher',
  'stall watcher',
  'reset activity',
] as const;

type Kill = (typeof KILLS)[number];
type Break = (typeof BREAKS)[number];

const KILL_EVERY_MS = 5000;
const BREAK_EVERY_MS = 3000;
const RESTARTS = 5;
const RESET_MS = 2000;

export interface Plan {
  readonly kills: readonly PlannedFault<Kill>[];
  readonly breaks: readonly PlannedFault<Break>[];
}

export function planOf(seed: number, forMs: number): Plan {
  return {
    kills: planFaults({ seed, forMs, everyMs: KILL_EVERY_MS, faults: KILLS }),
    breaks: planFaults({ seed: seed + 1, forMs, everyMs: BREAK_EVERY_MS, faults: BREAKS }),
  };
}

/**
 * Lets the plan happen; `log` hears of each fault. Ends early when `over` is aborted: on a busy machine faults take
 * longer than planned. Afterwards everything is up again.
 */
export async function breakThings(
  plan: Plan,
  stage: Stage,
  log: (line: string) => void,
  over: AbortSignal,
): Promise<void> {
  const { temporal, workers, proxies } = stage;
  // The first worker is never killed: its memory tells of leaks. It sleeps and loses its connections.
  const mortal = workers.slice(1);
  const away = async (what: Killable, name: string, random: SeededRandom): Promise<void> => {
    log(`kill ${name}`);
    await what.kill();
    await sleep(random.int(1000));
    await up(what);
  };
  const kills: FaultActions<Kill> = {
    'kill worker': (random) => away(random.pick(mortal), 'worker', random),
    'stop worker': async (random) => {
      log('stop worker');
      await up(random.pick(mortal));
    },
    'kill temporal': (random) => away(temporal, 'temporal', random),
    'pause worker': async (random) => {
      const worker = random.pick(workers);
      log('pause worker');
      worker.pause();
      await sleep(random.between(500, 4000));
      worker.resume();
    },
  };
  const forAWhile =
    (proxy: TcpProxy, how: 'stall' | 'swallow' | 'refuse') => async (random: SeededRandom) => {
      proxy[how]();
      await sleep(random.between(100, 2000));
      proxy.resume();
    };
  const breaks: FaultActions<Break> = {
    'cut model': () => proxies.model.cut(),
    'reset model': () => proxies.model.reset(),
    'stall model': forAWhile(proxies.model, 'stall'),
    'cut worker': () => proxies.worker.cut(),
    'reset worker': () => proxies.worker.reset(),
    'stall worker': forAWhile(proxies.worker, 'stall'),
    'lose answers to worker': forAWhile(proxies.worker, 'swallow'),
    'refuse worker': forAWhile(proxies.worker, 'refuse'),
    'cut watcher': () => proxies.watcher.cut(),
    'reset watcher': () => proxies.watcher.reset(),
    'stall watcher': forAWhile(proxies.watcher, 'stall'),
    'reset activity': (random) => resetSomeActivity(stage, random),
  };
  await Promise.all([carryOut(plan.kills, kills, over), carryOut(plan.breaks, logged(breaks, log), over)]);
}

/** As an operator does. Temporal may be down just now, and the activity over: then nothing is reset. */
async function resetSomeActivity({ turns: { client }, resets }: Stage, random: SeededRandom): Promise<void> {
  const { namespace } = client.options;
  const running: string[] = [];
  try {
    await client.connection.withDeadline(Date.now() + RESET_MS, async () => {
      const query = "WorkflowType = 'agentTurn' AND ExecutionStatus = 'Running'";
      for await (const { workflowId } of client.workflow.list({ query })) running.push(workflowId);
      if (running.length === 0) return;
      const workflowId = random.pick(running);
      const { raw } = await client.workflow.getHandle(workflowId).describe();
      const ids = (raw.pendingActivities ?? []).flatMap(({ activityId }) => activityId ?? []);
      if (ids.length === 0) return;
      resets.add(workflowId);
      const execution = { workflowId };
      await client.workflowService.resetActivity({ namespace, execution, id: random.pick(ids) });
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

/** A worker that finds its way to Temporal broken does not come up: whoever runs it tries again. */
async function up(what: Killable): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await what.restart();
    } catch (error) {
      if (tries === RESTARTS) throw error;
    }
  }
}

function logged<F extends string>(actions: FaultActions<F>, log: (line: string) => void): FaultActions<F> {
  const entries = Object.entries<FaultActions<F>[F]>(actions).map(([fault, action]) => [
    fault,
    (random: SeededRandom): unknown => {
      log(fault);
      return action(random);
    },
  ]);
  return Object.fromEntries(entries) as FaultActions<F>;
}
