/** What the model is told of what a tool's `execute` returned. */
import type { Tool } from '../agents/tool.js';
import type { JsonValue } from '../events/json.js';
import { toolText } from '../events/tool-text.js';
import { fail } from '../protocol/failures.js';

/** @throws ApplicationFailure of type ToolOutputInvalid, not retried: the same would come again. */
export function toolOutput(tool: Tool, returned: unknown): JsonValue {
  const text = toolText(tool.toolType, returned, tool.maxOutputBytes);
  if ('output' in text) return text.output;
  throw fail('ToolOutputInvalid', { message: `The tool ${tool.name} ${text.problem}` });
}
