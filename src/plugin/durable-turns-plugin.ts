/** `DurableTurnsPlugin`: all that a worker needs to run turns, beside its task queue. */
import { hostname } from 'node:os';
import { SimplePlugin } from '@temporalio/plugin';
import type { BundleOptions, ReplayWorkerOptions, Worker, WorkerOptions } from '@temporalio/worker';
import type { ClientOptions as OpenAIOptions } from 'openai';
import { createActivities, modelClient, NO_TELEMETRY } from '../activities/index.js';
import type { ModelClient, Telemetry } from '../activities/index.js';
import { ConfigurationError } from '../agents/configuration-error.js';
import type { Agent } from '../agents/define-agent.js';
import { registryOf } from '../agents/registry.js';
import { withOurWorkflows, WORKFLOWS_PATH } from './bundling.js';

export interface DurableTurnsOptions {
  readonly agents: readonly Agent[];
  /** A client, or the options of one. Default: OPENAI_API_KEY and OPENAI_BASE_URL, as the openai package reads them. */
  readonly openai?: ModelClient | OpenAIOptions;
  /** Spans for inference and tools: `openTelemetry()` of `durable-turns/otel`. Default: none. */
  readonly telemetry?: Telemetry;
}

type Activities = ReturnType<typeof createActivities>;

/** Cancels, and with them the model's sockets, are noticed at the pace of heartbeats. */
const HEARTBEAT_THROTTLE = '1s';
const STATE_POLL_MS = 50;

/**
 * Give it to the worker; to a client too where it brings codecs. It adds the workflow `agentTurn`, the
 * activity `infer` and one activity for each tool, beside what the worker has of its own.
 * @throws ConfigurationError when agents, tools or the model client cannot work, or names clash.
 */
export class DurableTurnsPlugin extends SimplePlugin {
  readonly #activities: Activities;
  #stop = new AbortController();
  #identity = `${process.pid}@${hostname()}`;

  constructor(options: DurableTurnsOptions) {
    const { telemetry = NO_TELEMETRY } = options;
    super({
      name: 'durable-turns',
      workerInterceptors: { workflowModules: [...telemetry.workflowModules] },
    });
    const registry = registryOf(options.agents);
    const needsClient = options.agents.some((agent) => !agent.openai);
    const openai = needsClient ? modelClient(options.openai) : undefined;
    this.#activities = createActivities({
      registry,
      openai: () => openai ?? modelClient(options.openai),
      stopping: () => this.#stop.signal,
      identity: () => this.#identity,
      telemetry,
    });
  }

  override configureWorker(options: WorkerOptions): WorkerOptions {
    const configured = super.configureWorker(options);
    this.#identity = configured.identity ?? this.#identity;
    return {
      ...configured,
      activities: this.#withOurActivities(configured.activities),
      maxHeartbeatThrottleInterval: configured.maxHeartbeatThrottleInterval ?? HEARTBEAT_THROTTLE,
      ...workflowsOf(configured),
    };
  }

  override configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions {
    const configured = super.configureReplayWorker(options);
    return { ...configured, ...workflowsOf(configured) };
  }

  override configureBundler(options: BundleOptions): BundleOptions {
    return withOurWorkflows(super.configureBundler(options));
  }

  /** An activity hears of a shutdown only after the grace period; model requests are handed over at once. */
  override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    if (this.#stop.signal.aborted) this.#stop = new AbortController();
    const watch = setInterval(() => {
      const state = worker.getState();
      if (state !== 'INITIALIZED' && state !== 'RUNNING') this.#stop.abort();
    }, STATE_POLL_MS);
    watch.unref();
    try {
      await super.runWorker(worker, next);
    } finally {
      clearInterval(watch);
    }
  }

  #withOurActivities(given: object | undefined): Activities {
    const theirs = given as Activities | undefined;
    for (const [name, activity] of Object.entries(theirs ?? {})) {
      const ours = this.#activities[name];
      if (ours && ours !== activity) {
        throw new ConfigurationError(
          `the activity ${name} exists twice: rename yours, or give the tool of that name an activityName`,
        );
      }
    }
    return { ...theirs, ...this.#activities };
  }
}

/** A worker that brings no workflows gets ours; a prebuilt bundle must have been built with this plugin. */
function workflowsOf(options: WorkerOptions | ReplayWorkerOptions): { workflowsPath?: string } {
  return options.workflowsPath || options.workflowBundle ? {} : { workflowsPath: WORKFLOWS_PATH };
}
