/** Whether a resolution fits what was asked. Pure. */
import type { InputKind } from '../events/turn-event.js';
import { utf8Bytes } from '../events/bytes.js';
import type { InputResolution } from '../protocol/resolve-input.js';

const FIELDS = ['input_id', 'decision', 'arguments_hash', 'output', 'by', 'reason'];
const DECISIONS: Readonly<Record<InputKind, readonly string[]>> = {
  approval: ['approve', 'deny'],
  tool_output: ['output', 'error', 'deny'],
};
const MAX_OUTPUT_BYTES = 256 * 1024;
const MAX_REASON = 1000;
const MAX_BY = 200;

/** What is wrong, as a sentence, or undefined. */
export function wrongWith(
  resolution: InputResolution,
  question: { readonly kind: InputKind; readonly arguments_hash: string },
): string | undefined {
  const given: Readonly<Record<string, unknown>> = { ...resolution };
  const unknown = Object.keys(given).find((field) => !FIELDS.includes(field));
  if (unknown) return `${unknown} is no field of a resolution`;
  const decisions = DECISIONS[question.kind];
  if (!decisions.includes(resolution.decision)) {
    return `The question is of kind ${question.kind}: decision must be one of ${decisions.join(', ')}`;
  }
  const { arguments_hash: hash, reason, by } = resolution;
  if (hash === undefined && resolution.decision !== 'error')
    return 'arguments_hash is missing: take it from input_required';
  if (hash !== undefined && hash !== question.arguments_hash)
    return 'It was decided about other arguments than were asked about';
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MAX_REASON)) {
    return `reason must be a string of at most ${MAX_REASON} characters`;
  }
  if (by !== undefined && (typeof by !== 'string' || by.length > MAX_BY)) {
    return `by must be a string of at most ${MAX_BY} characters`;
  }
  if (resolution.decision !== 'output') return undefined;
  if (given['output'] === undefined) return 'output is missing';
  const bytes = utf8Bytes(JSON.stringify(resolution.output));
  return bytes > MAX_OUTPUT_BYTES
    ? `output is ${bytes} bytes of JSON, more than ${MAX_OUTPUT_BYTES}`
    : undefined;
}
