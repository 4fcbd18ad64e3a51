/** `DurableTurnsPlugin`: all that a worker needs to run turns, beside its task queue. */
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import { SimplePlugin } from '@temporalio/plugin';
import type { BundleOptions, ReplayWorkerOptions, Worker, WorkerOptions } from '@temporalio/worker';
import type { ClientOptions as OpenAIOptions } from 'openai';
import { createActivities, INFER, modelClient, NO_TELEMETRY } from '../activities/index.js';
import type { ActivityDeps, ModelClient, Telemetry } from '../activities/index.js';
import { ConfigurationError } from '../agents/configuration-error.js';
import type { Agent } from '../agents/define-agent.js';
import { checkKnown, checkList } from '../agents/options.js';
import { registryOf } from '../agents/registry.js';
import type { Tool } from '../agents/tool.js';
import { withOurWorkflows, WORKFLOWS_PATH } from './bundling.js';
import { heartbeatThrottle, heartbeatTimeouts, withHeartbeatTimeouts } from './heartbeat-timeouts.js';

/** Agents, tools or both; and where the model is. */
export interface DurableTurnsOptions {
  /** Default: none; the worker then runs tools only, for turns of other workers. */
  readonly agents?: readonly Agent[];
  /** Tools beside those of the agents: for a worker that serves the task queue of a tool. */
  readonly tools?: readonly Tool[];
  /** A client, or the options of one. Default: OPENAI_API_KEY and OPENAI_BASE_URL, as the openai package reads them. */
  readonly openai?: ModelClient | OpenAIOptions;
  /** Spans for inference and tools: `openTelemetry()` of `durable-turns/otel`. Default: none. */
  readonly telemetry?: Telemetry;
}

const KNOWN: Readonly<Record<keyof DurableTurnsOptions, true>> = {
  agents: true,
  tools: true,
  openai: true,
  telemetry: true,
};

type Activities = ReturnType<typeof createActivities>;

const STATE_POLL_MS = 50;

/**
 * Give it to the worker; to a client too where it brings codecs. It adds the workflow `agentTurn`, the
 * activity `infer` and one activity for each tool, beside what the worker has of its own.
 * @throws ConfigurationError when agents, tools or the model client cannot work, or names clash.
 */
export class DurableTurnsPlugin extends SimplePlugin {
  readonly #deps: Omit<ActivityDeps, 'stopping' | 'identity'>;
  readonly #heartbeatTimeouts: Readonly<Record<string, number>>;
  /** The workers that were made with this plugin, each under its own activities: one may stop while others run. */
  readonly #stops = new WeakMap<object, AbortController>();

  constructor(options: DurableTurnsOptions) {
    checkOptions(options);
    const { agents = [], tools = [], telemetry = NO_TELEMETRY } = options;
    super({
      name: 'durable-turns',
      workerInterceptors: { workflowModules: [...telemetry.workflowModules] },
    });
    const registry = registryOf(agents, tools);
    this.#heartbeatTimeouts = heartbeatTimeouts(agents);
    const needsClient = agents.some((agent) => !agent.openai);
    const openai = needsClient ? modelClient(options.openai) : undefined;
    this.#deps = {
      registry,
      openai: () => openai ?? modelClient(options.openai),
      telemetry,
    };
  }

  /** Does nothing the second time: Temporal applies a plugin of both connection and worker twice. */
  override configureWorker(options: WorkerOptions): WorkerOptions {
    if (this.#stopOf(Object.values(options.activities ?? {}))) return options;
    const configured = super.configureWorker(options);
    return {
      ...configured,
      activities: this.#withOurActivities(configured),
      maxHeartbeatThrottleInterval:
        configured.maxHeartbeatThrottleInterval ?? heartbeatThrottle(this.#heartbeatTimeouts),
      ...(this.#deps.registry.agents.size > 0 ? workflowsOf(configured) : {}),
    };
  }

  override configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions {
    const configured = super.configureReplayWorker(options);
    return { ...configured, ...workflowsOf(configured) };
  }

  override configureBundler(options: BundleOptions): BundleOptions {
    return withHeartbeatTimeouts(withOurWorkflows(super.configureBundler(options)), this.#heartbeatTimeouts);
  }

  /** An activity hears of a shutdown only after the grace period; model requests are handed over at once. */
  override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const stop = this.#stopOf(worker.options.activities.values());
    const watch = setInterval(() => {
      const state = worker.getState();
      if (state !== 'INITIALIZED' && state !== 'RUNNING') stop?.abort();
    }, STATE_POLL_MS);
    watch.unref();
    try {
      await super.runWorker(worker, next);
    } finally {
      clearInterval(watch);
    }
  }

  #withOurActivities({ activities, identity = `${process.pid}@${hostname()}` }: WorkerOptions): Activities {
    const theirs = (activities ?? {}) as Activities;
    const stop = new AbortController();
    // Every request that runs listens to it.
    setMaxListeners(0, stop.signal);
    const ours = createActivities({
      ...this.#deps,
      stopping: () => stop.signal,
      identity: () => identity,
    });
    // A second plugin with agents clashes by this name first, whose advice fits.
    const names = INFER in ours ? [INFER, ...Object.keys(ours)] : Object.keys(ours);
    const twice = names.find((name) => Object.hasOwn(theirs, name));
    if (twice !== undefined) throw new ConfigurationError(clash(twice));
    for (const activity of Object.values(ours)) this.#stops.set(activity, stop);
    return { ...theirs, ...ours };
  }

  /** Of the worker with these activities. */
  #stopOf(activities: Iterable<unknown>): AbortController | undefined {
    for (const activity of activities) {
      const stop = this.#stops.get(Object(activity) as object);
      if (stop) return stop;
    }
    return undefined;
  }
}

function checkOptions(options: DurableTurnsOptions): void {
  const wrong = (message: string): never => {
    throw new ConfigurationError(message);
  };
  if (!options) wrong('give the plugin agents, tools or both');
  checkKnown(options, KNOWN, 'DurableTurnsPlugin', wrong);
  checkList('agents', options.agents, wrong);
  checkList('tools', options.tools, wrong);
}

function clash(activity: string): string {
  const advice =
    activity === INFER
      ? 'rename yours, or give all agents to one DurableTurnsPlugin'
      : 'rename yours, or give the tool of that name an activityName';
  return `the activity ${activity} exists twice: ${advice}`;
}

/** A worker that brings no workflows gets ours; a prebuilt bundle must have been built with this plugin. */
function workflowsOf(options: WorkerOptions | ReplayWorkerOptions): { workflowsPath?: string } {
  return options.workflowsPath || options.workflowBundle ? {} : { workflowsPath: WORKFLOWS_PATH };
}
