/** The door of a turn: what cannot be right is refused here, by client and workflow alike. Pure. */
import { bigBase64In } from './base64.js';
import { utf8Bytes } from '../events/bytes.js';
import { fail } from './failures.js';
import { checkInputItems } from './input-items.js';
import type { TurnInput } from './turn.js';

const KIB = 1024;
/** Temporal keeps at most 2 MB of input; the rest is left for what else travels with it. */
const MAX_INPUT_BYTES = 1024 * KIB;
/** Step ids, which sort as strings, have four digits for the response. */
const MAX_RESPONSES = 9999;
const MAX_CONTEXT_BYTES = 16 * KIB;

const FIELDS: Readonly<Record<keyof TurnInput, true>> = {
  agent: true,
  input: true,
  session_id: true,
  conversation: true,
  previous_response_id: true,
  previous_turn_id: true,
  overrides: true,
  context: true,
  metadata: true,
  limits: true,
  publishing: true,
  report_to: true,
  said_again: true,
};

const NESTED = {
  overrides: ['model', 'instructions', 'hosted_tools', 'request'],
  limits: ['max_responses', 'max_tool_calls', 'max_tokens', 'max_seconds'],
  publishing: ['mode', 'min_interval_ms', 'max_interval_ms'],
  report_to: ['workflow_id'],
  said_again: ['items', 'newest_items'],
} as const satisfies Partial<Record<keyof TurnInput, readonly string[]>>;

/**
 * The input, if it is one.
 * @throws ApplicationFailure of type InvalidTurnInput that names the first field that is wrong. Never retried.
 */
export function checkTurnInput(value: unknown): TurnInput {
  const input = withoutNulls(record(value, 'The turn input'));
  onlyFields(input, Object.keys(FIELDS), '');
  requireText(input['agent'], 'agent');
  for (const field of ['session_id', 'conversation', 'previous_response_id', 'previous_turn_id']) {
    if (input[field] !== undefined) requireText(input[field], field);
  }
  for (const [field, known] of Object.entries(NESTED)) {
    if (input[field] !== undefined) onlyFields(record(input[field], field), known, `${field}.`);
  }
  if (input['conversation'] !== undefined && input['previous_response_id'] !== undefined) {
    refuse('conversation and previous_response_id exclude each other: a conversation knows what came before');
  }
  checkInputItems(input['input'], refuse);
  checkOverrides(input['overrides']);
  checkLimits(input['limits']);
  checkPublishing(input['publishing']);
  checkMetadata(input['metadata']);
  if (isRecord(input['report_to'])) requireText(input['report_to']['workflow_id'], 'report_to.workflow_id');
  checkSaidAgain(input['said_again']);
  checkSizes(input);
  return trusted(input);
}

/** Other languages write an optional field that is absent as null. */
function withoutNulls(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const said = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(
    said.map(([name, value]) => [
      name,
      Object.hasOwn(NESTED, name) && isRecord(value) ? withoutNulls(value) : value,
    ]),
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkSizes(input: Readonly<Record<string, unknown>>): void {
  const blob = bigBase64In(input['input']);
  if (blob) {
    refuse(
      `${blob.path} holds ${blob.kib} KiB of base64, more than 256: upload it with files.create and pass file_id`,
    );
  }
  const context = bytesOf(input['context']);
  if (context > MAX_CONTEXT_BYTES)
    refuse(`context is ${context} bytes of JSON, more than ${MAX_CONTEXT_BYTES}`);
  const all = bytesOf(input);
  if (all > MAX_INPUT_BYTES) {
    refuse(
      `the turn input is ${all} bytes of JSON, more than ${MAX_INPUT_BYTES}: upload large content with files.create`,
    );
  }
}

function checkOverrides(overrides: unknown): void {
  const given = record(overrides ?? {}, 'overrides');
  for (const name of ['model', 'instructions']) {
    if (given[name] !== undefined && typeof given[name] !== 'string')
      refuse(`overrides.${name} must be a string`);
  }
  const { hosted_tools, request } = given;
  if (hosted_tools !== undefined && !Array.isArray(hosted_tools)) {
    refuse('overrides.hosted_tools must be a list of tools, as OpenAI writes them');
  }
  if (request !== undefined) record(request, 'overrides.request');
}

function checkLimits(limits: unknown): void {
  for (const [name, value] of Object.entries(limits ?? {})) {
    const least = name === 'max_tool_calls' ? 0 : 1;
    if (typeof value !== 'number' || !(value >= least))
      refuse(`limits.${name} must be a number of at least ${least}`);
    if (name === 'max_responses' && value > MAX_RESPONSES)
      refuse(`limits.max_responses must be at most ${MAX_RESPONSES}`);
  }
}

function checkPublishing(publishing: unknown): void {
  if (publishing === undefined) return;
  const { mode, ...intervals } = record(publishing, 'publishing');
  if (mode !== undefined && mode !== 'live' && mode !== 'steps' && mode !== 'off') {
    refuse('publishing.mode must be "live", "steps" or "off"');
  }
  for (const [name, value] of Object.entries(intervals)) {
    if (typeof value !== 'number' || !(value >= 20)) refuse(`publishing.${name} must be at least 20 (ms)`);
  }
}

function checkMetadata(metadata: unknown): void {
  if (metadata === undefined) return;
  const pairs = Object.entries(record(metadata, 'metadata'));
  if (pairs.length > 16) refuse('metadata holds more than 16 pairs');
  for (const [key, value] of pairs) {
    if (typeof value !== 'string' || value.length > 512 || key.length > 64) {
      refuse(`metadata.${key} must be a string of at most 512 characters under a key of at most 64`);
    }
  }
}

function checkSaidAgain(saidAgain: unknown): void {
  if (saidAgain === undefined) return;
  const { items, newest_items } = record(saidAgain, 'said_again');
  if (typeof items !== 'number' || !Array.isArray(newest_items))
    refuse('said_again must have a number of items, and a list newest_items');
}

function onlyFields(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  prefix: string,
): void {
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown) refuse(`${prefix}${unknown} is no field of a turn; known here are ${known.join(', ')}`);
}

function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : refuse(`${name} must be an object`);
}

function requireText(value: unknown, name: string): void {
  if (typeof value !== 'string' || value.trim() === '') refuse(`${name} must be a string that is not empty`);
}

function bytesOf(value: unknown): number {
  return value === undefined ? 0 : utf8Bytes(JSON.stringify(value));
}

function refuse(message: string): never {
  throw fail('InvalidTurnInput', { message });
}

/** The one cast of this file: every field was checked above. */
function trusted(value: Readonly<Record<string, unknown>>): TurnInput {
  return value as unknown as TurnInput;
}
