/** From what a client may write as `input` or `items` to items as they are stored and listed. */
import type { JsonValue } from '../events/json.js';
import { badRequest } from './api-error.js';
import { isObject, newId, objectsOf, stringOf, textOf } from './wire.js';
import type { Item } from './wire.js';

const PREFIX: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  reasoning: 'rs',
  mcp_approval_response: 'mcpar',
};

/** `input` of a response: a string is one user message. */
export function itemsOfInput(
  input: JsonValue | undefined,
  resolve: (id: string) => Item | undefined,
): Item[] {
  if (typeof input === 'string')
    return [inputItem({ type: 'message', role: 'user', content: input }, 'input')];
  if (!Array.isArray(input))
    throw badRequest("Invalid type for 'input': expected a string or a list of input items.", 'input');
  return input.map((entry: JsonValue, index) => {
    const param = `input[${index}]`;
    if (!isObject(entry)) throw badRequest(`Invalid type for '${param}': expected an object.`, param);
    if (entry['type'] !== 'item_reference') return inputItem(entry, param);
    const found = resolve(String(entry['id']));
    if (!found) throw badRequest(`Item with id '${String(entry['id'])}' not found.`, param);
    return found;
  });
}

/** One item as stored: with a type, an id, and a message's content as a list of parts. */
export function inputItem(entry: JsonValue, param: string): Item {
  if (!isObject(entry)) throw badRequest(`Invalid type for '${param}': expected an object.`, param);
  const type = stringOf(entry['type']) ?? (entry['role'] === undefined ? undefined : 'message');
  if (type === undefined) throw badRequest(`Missing required parameter: '${param}.type'.`, `${param}.type`);
  const id = stringOf(entry['id']) ?? newId(PREFIX[type] ?? 'item');
  if (type !== 'message') return { ...entry, type, id };
  const role = stringOf(entry['role']);
  if (role === undefined) throw badRequest(`Missing required parameter: '${param}.role'.`, `${param}.role`);
  const { content } = entry;
  const part = role === 'assistant' ? 'output_text' : 'input_text';
  const parts = typeof content === 'string' ? [{ type: part, text: content }] : objectsOf(content);
  return { ...entry, type, id, status: 'completed', role, content: parts };
}

/** The texts of the user's messages, oldest first. */
export function userTexts(items: readonly Item[]): string[] {
  return items.filter(isUserMessage).map((item) => textOf(item['content']));
}

/** What came after the last message of the user. */
export function sinceUser(items: readonly Item[]): readonly Item[] {
  return items.slice(items.findLastIndex(isUserMessage) + 1);
}

function isUserMessage(item: Item): boolean {
  return item.type === 'message' && item['role'] === 'user';
}
