/** What agents say of heartbeats: for the workflow bundle, which knows no agents, and for the worker's own pace. */
import type { BundleOptions } from '@temporalio/worker';
import type { Agent } from '../agents/define-agent.js';

/** Cancels, and with them the model's sockets, are noticed at the pace of heartbeats. */
const LONGEST_THROTTLE_MS = 1000;
const HEARTBEATS_PER_TIMEOUT = 5;

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];
type WebpackPlugin = Extract<NonNullable<WebpackConfig['plugins']>[number], (...args: never[]) => unknown>;

/** By agent, in ms: of those that say one. */
export function heartbeatTimeouts(agents: readonly Agent[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    agents.flatMap(({ name, inference }) =>
      inference?.heartbeatTimeout === undefined ? [] : [[name, inference.heartbeatTimeout]],
    ),
  );
}

/** The longest time in ms between two heartbeats of one activity that reach the server. */
export function heartbeatThrottle(timeouts: Readonly<Record<string, number>>): number {
  const paces = Object.values(timeouts).map((timeout) => Math.round(timeout / HEARTBEATS_PER_TIMEOUT));
  return Math.min(LONGEST_THROTTLE_MS, ...paces);
}

/** Defines what workflows/heartbeat-timeout.ts reads. Safe to apply twice. */
export function withHeartbeatTimeouts(
  options: BundleOptions,
  timeouts: Readonly<Record<string, number>>,
): BundleOptions {
  if (Object.keys(timeouts).length === 0) return options;
  const { webpackConfigHook } = options;
  const define: WebpackPlugin = (compiler) => {
    const name = '__DURABLE_TURNS_HEARTBEAT_TIMEOUTS__';
    new compiler.webpack.DefinePlugin({ [name]: `(${JSON.stringify(timeouts)})` }).apply(compiler);
  };
  return {
    ...options,
    webpackConfigHook: (config) => {
      const ours = { ...config, plugins: [...(config.plugins ?? []), define] };
      return webpackConfigHook ? webpackConfigHook(ours) : ours;
    },
  };
}
