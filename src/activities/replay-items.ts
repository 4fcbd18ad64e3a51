/** Output items as a server takes them back, when a stateless turn sends everything again. */
import type { ServerCapabilities } from '../agents/server-capabilities.js';
import type { JsonObject } from '../events/json.js';

type Rules = Pick<ServerCapabilities, 'stripStatusOnReplay' | 'forbidsInterleavedCalls'>;

export function replayItems(items: readonly JsonObject[], rules: Rules): readonly JsonObject[] {
  const stripped = rules.stripStatusOnReplay ? items.map(withoutStatus) : items;
  return rules.forbidsInterleavedCalls ? callsLast(stripped) : stripped;
}

function withoutStatus({ status: _status, ...item }: JsonObject): JsonObject {
  return item;
}

/** Within what the model said at one time, calls come after everything else. */
function callsLast(items: readonly JsonObject[]): readonly JsonObject[] {
  const ordered: JsonObject[] = [];
  let calls: JsonObject[] = [];
  for (const item of items) {
    if (item['type'] === 'function_call') {
      calls.push(item);
      continue;
    }
    if (isInput(item)) {
      ordered.push(...calls);
      calls = [];
    }
    ordered.push(item);
  }
  return [...ordered, ...calls];
}

function isInput({ type, role }: JsonObject): boolean {
  return String(type).endsWith('_output') || (role !== undefined && role !== 'assistant');
}
