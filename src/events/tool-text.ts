/** What the model is told of what a tool returned. The same for our wrapper, the workflow and the readers. */
import { utf8Bytes } from './bytes.js';
import type { JsonValue } from './json.js';
import type { RoutedCall } from './routed-call.js';
import type { TurnError } from './turn-event.js';

/** Parts of an output that the Responses API takes as they are. */
const PARTS: ReadonlySet<unknown> = new Set(['input_text', 'input_image', 'input_file']);

/** Calls that are answered in words; all others are answered by what their own kind of output holds. */
const ANSWERED_IN_WORDS: ReadonlySet<string> = new Set(['function', 'custom', 'local_shell', 'apply_patch']);

export type ToolText = { readonly output: JsonValue } | { readonly problem: string };

/**
 * A string as it is, a list of `input_text`, `input_image` and `input_file` parts as it is, anything else as
 * JSON text; nothing becomes the empty string. Too much, or what JSON cannot carry, is a problem.
 */
export function toolText(toolType: string, returned: unknown, maxOutputBytes: number): ToolText {
  const output = outputOf(toolType, returned);
  if (output === undefined) return { problem: 'returned a value that JSON cannot carry' };
  const bytes = utf8Bytes(inWords(output));
  return bytes > maxOutputBytes
    ? { problem: `returned ${bytes} bytes, more than its maxOutputBytes of ${maxOutputBytes}` }
    : { output };
}

/** A string as it is, anything else as JSON text. */
export function inWords(output: JsonValue): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}

/** Of a result that is not our wrapper's: an activity or workflow of yours made it, or an operator. */
export function foreignText(
  call: RoutedCall | undefined,
  returned: unknown,
): { readonly output: JsonValue } | { readonly error: TurnError } {
  const { tool_type = 'function', tool_name = '', foreign } = call ?? {};
  const text = toolText(tool_type, returned, foreign?.max_output_bytes ?? Infinity);
  if ('output' in text) return text;
  const message = `The tool ${tool_name} ${text.problem}.`;
  return { error: { code: 'tool_output_invalid', message, source: 'tool', retryable: false } };
}

function outputOf(toolType: string, returned: unknown): JsonValue | undefined {
  if (typeof returned === 'string') return returned;
  if (returned === undefined || returned === null) return '';
  const json = jsonOf(returned);
  if (json === undefined) return undefined;
  const asItIs = isPartList(returned) || !ANSWERED_IN_WORDS.has(toolType);
  return asItIs ? (JSON.parse(json) as JsonValue) : json;
}

/** Undefined for a cycle, a bigint or a function. */
function jsonOf(returned: unknown): string | undefined {
  try {
    const json: unknown = JSON.stringify(returned);
    return typeof json === 'string' ? json : undefined;
  } catch {
    return undefined;
  }
}

function isPartList(returned: unknown): boolean {
  return (
    Array.isArray(returned) &&
    returned.length > 0 &&
    returned.every((part: unknown) => PARTS.has((Object(part) as { type?: unknown }).type))
  );
}
