/** The activities of a worker: those for turns and sessions if it has agents, and one for each tool under the tool's own name. */
import {
  COMPLETE_CONVERSATION,
  INFER,
  MAKE_CONVERSATION,
  RELEASE_RESPONSE,
  TURN_REPORT,
} from '../protocol/names.js';
import type { ActivityDeps } from './activity-deps.js';
import { createCompleteConversation } from './complete-conversation.js';
import { createInfer } from './infer.js';
import { createMakeConversation } from './make-conversation.js';
import { createReleaseResponse } from './release-response.js';
import { createToolActivity } from './run-tool.js';
import { turnReport } from './turn-report.js';

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
  const forTurns = {
    [INFER]: createInfer(deps),
    [COMPLETE_CONVERSATION]: createCompleteConversation(deps),
    [RELEASE_RESPONSE]: createReleaseResponse(deps),
    [MAKE_CONVERSATION]: createMakeConversation(deps),
    [TURN_REPORT]: turnReport,
  };
  return { ...Object.fromEntries(tools), ...(asksModel ? forTurns : {}) };
}
