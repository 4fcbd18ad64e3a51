/** The activities of a worker: `infer` if it has agents, and one for each tool under the tool's own name. */
import { INFER } from '../protocol/names.js';
import type { ActivityDeps } from './activity-deps.js';
import { createInfer } from './infer.js';
import { createToolActivity } from './run-tool.js';

export type { ActivityDeps } from './activity-deps.js';
export { INFER } from '../protocol/names.js';
export { modelClient } from './model-client.js';
export type { ModelClient } from './model-client.js';
export { NO_TELEMETRY } from './telemetry.js';
export type { Telemetry } from './telemetry.js';

export function createActivities(deps: ActivityDeps): Record<string, (...args: never[]) => Promise<unknown>> {
  const tools = [...deps.registry.tools].flatMap(([name, tool]) => {
    const { execute } = tool;
    return execute ? [[name, createToolActivity(deps, { ...tool, execute })] as const] : [];
  });
  const asksModel = deps.registry.agents.size > 0;
  return { ...Object.fromEntries(tools), ...(asksModel ? { [INFER]: createInfer(deps) } : {}) };
}
