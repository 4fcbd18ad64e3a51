/**
 * What the Open Responses specification (2026-04-24) requires of a stream, written down by hand: the fields of each
 * event and of what it holds, and the order in which items and parts open and close.
 */
import { expect } from 'vitest';

type Json = Readonly<Record<string, unknown>>;

const PLACE = ['item_id', 'output_index'];
const CONTENT = [...PLACE, 'content_index'];
const SUMMARY = [...PLACE, 'summary_index'];

/** Beside `type` and `sequence_number`. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'response.created': ['response'],
  'response.in_progress': ['response'],
  'response.completed': ['response'],
  'response.incomplete': ['response'],
  'response.failed': ['response'],
  'response.output_item.added': ['output_index', 'item'],
  'response.output_item.done': ['output_index', 'item'],
  'response.content_part.added': [...CONTENT, 'part'],
  'response.content_part.done': [...CONTENT, 'part'],
  'response.output_text.delta': [...CONTENT, 'delta', 'logprobs'],
  'response.output_text.done': [...CONTENT, 'text', 'logprobs'],
  'response.output_text.annotation.added': [...CONTENT, 'annotation_index', 'annotation'],
  'response.refusal.delta': [...CONTENT, 'delta'],
  'response.refusal.done': [...CONTENT, 'refusal'],
  'response.reasoning_summary_part.added': [...SUMMARY, 'part'],
  'response.reasoning_summary_part.done': [...SUMMARY, 'part'],
  'response.reasoning_summary_text.delta': [...SUMMARY, 'delta'],
  'response.reasoning_summary_text.done': [...SUMMARY, 'text'],
  // The specification drops `_text` here; the SDKs of OpenAI know these names alone.
  'response.reasoning_text.delta': [...CONTENT, 'delta'],
  'response.reasoning_text.done': [...CONTENT, 'text'],
};

const PARTS: Readonly<Record<string, readonly string[]>> = {
  output_text: ['text', 'annotations', 'logprobs'],
  refusal: ['refusal'],
  summary_text: ['text'],
  reasoning_text: ['text'],
};
const ITEMS: Readonly<Record<string, readonly string[]>> = {
  message: ['id', 'status', 'role', 'content'],
  reasoning: ['id', 'summary'],
};
const RESPONSE =
  `id object created_at completed_at status incomplete_details model previous_response_id instructions
  output error tools tool_choice truncation parallel_tool_calls text top_p presence_penalty frequency_penalty
  top_logprobs temperature reasoning usage max_output_tokens max_tool_calls store background service_tier metadata
  safety_identifier prompt_cache_key`.split(/\s+/);
const ENDS = /^response\.(completed|incomplete|failed)$/;

/** Holds a whole stream to the specification; events under a prefix are nobody's business. */
export function expectOpenResponses(stream: readonly object[]): void {
  const events = stream.filter((event): event is Json => !String(Object(event).type).includes(':'));
  const items = new Map<unknown, { readonly parts: Set<string>; done: boolean }>();
  for (const event of events) {
    const { type, response, item, part, output_index } = event;
    const fields = FIELDS[String(type)];
    expectFields(event, ['sequence_number', ...(fields ?? ['a type of the specification'])]);
    if (response !== undefined) expectResponse(response);
    if (item !== undefined) expectItem(item);
    if (part !== undefined) expectPart(part);
    if (output_index === undefined) continue;
    const known = items.get(output_index);
    if (type === 'response.output_item.added') {
      expect([known, output_index]).toEqual([undefined, items.size]);
      items.set(output_index, { parts: new Set(), done: false });
      continue;
    }
    if (known?.done !== false) expect.fail(`${String(type)} is of no item that is open`);
    if (type === 'response.output_item.done') known.done = true;
    const key = `${String(event['content_index'])} ${String(event['summary_index'])}`;
    if (String(type).endsWith('part.added')) known.parts.add(key);
    else if (type !== 'response.output_item.done' && !known.parts.has(key)) {
      expect.fail(`${String(type)} is of a part that was not added`);
    }
  }
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
  expect(events.flatMap(({ type }, i) => (ENDS.test(String(type)) ? [i] : []))).toEqual([events.length - 1]);
}

function expectResponse(value: unknown): void {
  const response = expectFields(value, RESPONSE);
  for (const item of response['output'] as readonly unknown[]) expectItem(item);
  expectFields(expectFields(response['text'], ['format'])['format'], ['type']);
  if (response['reasoning'] !== null) expectFields(response['reasoning'], ['effort', 'summary']);
  if (response['error'] !== null) expectFields(response['error'], ['code', 'message']);
  if (response['incomplete_details'] !== null) expectFields(response['incomplete_details'], ['reason']);
  if (response['usage'] === null) return;
  const usage = expectFields(response['usage'], ['input_tokens', 'output_tokens', 'total_tokens']);
  expectFields(usage['input_tokens_details'], ['cached_tokens']);
  expectFields(usage['output_tokens_details'], ['reasoning_tokens']);
}

function expectItem(value: unknown): void {
  const item = expectFields(value, ['type']);
  expectFields(item, ITEMS[String(item['type'])] ?? ['an item of the specification']);
  const parts = [item['content'] ?? [], item['summary'] ?? []].flat();
  for (const part of parts) expectPart(part);
}

function expectPart(value: unknown): void {
  const part = expectFields(value, ['type']);
  expectFields(part, PARTS[String(part['type'])] ?? ['a part of the specification']);
}

function expectFields(value: unknown, fields: readonly string[]): Json {
  const object: Json = Object(value);
  const missing = fields.filter((field) => object[field] === undefined);
  if (missing.length > 0) expect.fail(`${missing.join(', ')} missing in ${JSON.stringify(value)}`);
  return object;
}
