/** What the model is told of what a tool returned. Pure. */
import type { Tool } from '../agents/define-tool.js';
import type { JsonValue } from '../events/json.js';
import { fail } from '../protocol/failures.js';

/** Parts of an output that the Responses API takes as they are. */
const PARTS: ReadonlySet<unknown> = new Set(['input_text', 'input_image', 'input_file']);

/**
 * A string as it is, a list of `input_text`, `input_image` and `input_file` parts as it is, anything else as
 * JSON text; nothing becomes the empty string.
 * @throws ApplicationFailure of type ToolOutputInvalid, not retried: the same would come again.
 */
export function toolOutput(tool: Tool, returned: unknown): JsonValue {
  const output = isPartList(returned) ? returned : textOf(tool, returned);
  const bytes = Buffer.byteLength(typeof output === 'string' ? output : JSON.stringify(output));
  if (bytes > tool.maxOutputBytes) {
    throw fail('ToolOutputInvalid', {
      message: `The tool ${tool.name} returned ${bytes} bytes, more than its maxOutputBytes of ${tool.maxOutputBytes}`,
    });
  }
  return output;
}

function textOf({ name }: Tool, returned: unknown): string {
  if (typeof returned === 'string') return returned;
  if (returned === undefined || returned === null) return '';
  try {
    const json: unknown = JSON.stringify(returned);
    if (typeof json === 'string') return json;
  } catch {
    // A cycle or a bigint: told below, in our words.
  }
  throw fail('ToolOutputInvalid', { message: `The tool ${name} returned a value that JSON cannot carry` });
}

function isPartList(returned: unknown): returned is readonly JsonValue[] {
  return (
    Array.isArray(returned) &&
    returned.length > 0 &&
    returned.every((part: unknown) => PARTS.has((Object(part) as { type?: unknown }).type))
  );
}
