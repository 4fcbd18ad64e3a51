/**
 * How soon a lost attempt of an inference is noticed. Agents say it, and a workflow knows no agents: the plugin
 * writes their words into the bundle. A worker that says otherwise breaks no replay, which looks at an activity's
 * id and type only.
 */
const DEFAULT_MS = 10_000;

/** By agent, in ms. Not defined in a bundle that was built without the plugin. */
declare const __DURABLE_TURNS_HEARTBEAT_TIMEOUTS__: Readonly<Record<string, number>>;

export function heartbeatTimeoutOf(agent: string): number {
  if (typeof __DURABLE_TURNS_HEARTBEAT_TIMEOUTS__ === 'undefined') return DEFAULT_MS;
  return Object.hasOwn(__DURABLE_TURNS_HEARTBEAT_TIMEOUTS__, agent)
    ? (__DURABLE_TURNS_HEARTBEAT_TIMEOUTS__[agent] ?? DEFAULT_MS)
    : DEFAULT_MS;
}
