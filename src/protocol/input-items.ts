/** Whether something is what the Responses API takes as `input`. Pure. */
import type { ResponseInputItem } from 'openai/resources/responses/responses';

type ItemType = NonNullable<ResponseInputItem['type']>;

/** Every input item type of the installed openai package: a new one breaks the type check. */
const ITEM_TYPES: Readonly<Record<ItemType, true>> = {
  message: true,
  file_search_call: true,
  computer_call: true,
  computer_call_output: true,
  web_search_call: true,
  function_call: true,
  function_call_output: true,
  tool_search_call: true,
  tool_search_output: true,
  additional_tools: true,
  reasoning: true,
  compaction: true,
  image_generation_call: true,
  code_interpreter_call: true,
  local_shell_call: true,
  local_shell_call_output: true,
  shell_call: true,
  shell_call_output: true,
  apply_patch_call: true,
  apply_patch_call_output: true,
  mcp_list_tools: true,
  mcp_approval_request: true,
  mcp_approval_response: true,
  mcp_call: true,
  custom_tool_call_output: true,
  custom_tool_call: true,
  compaction_trigger: true,
  item_reference: true,
  program: true,
  program_output: true,
};

const ROLES = ['user', 'assistant', 'system', 'developer'];

export function checkInputItems(input: unknown, refuse: (message: string) => never): void {
  if (typeof input === 'string') {
    if (input.trim() === '') refuse('input is empty: pass the message of the user');
    return;
  }
  if (!Array.isArray(input)) refuse('input must be a string or a list of Responses input items');
  if (input.length === 0) refuse('input is an empty list: pass at least one item');
  input.forEach((item: unknown, index) => {
    const wrong = wrongWithItem(item);
    if (wrong) refuse(`input[${index}] ${wrong}`);
  });
}

export function isInput(input: unknown): input is string | readonly ResponseInputItem[] {
  try {
    checkInputItems(input, (message) => {
      throw new TypeError(message);
    });
    return true;
  } catch {
    return false;
  }
}

function wrongWithItem(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return 'is no Responses input item: it must be an object';
  const { type, role, content } = item as Readonly<Record<string, unknown>>;
  if (type === undefined || type === 'message') {
    if (typeof role !== 'string' || !ROLES.includes(role)) {
      return `is no Responses input item: a message needs a role of ${ROLES.join(', ')}, other items a type`;
    }
    return wrongWithContent(content);
  }
  if (typeof type === 'string' && Object.hasOwn(ITEM_TYPES, type)) return undefined;
  return `is no Responses input item: its type ${JSON.stringify(type)} is unknown`;
}

function wrongWithContent(content: unknown): string | undefined {
  if (typeof content === 'string') return content === '' ? 'has an empty content' : undefined;
  const parts: readonly unknown[] | undefined = Array.isArray(content) ? content : undefined;
  if (!parts || parts.length === 0) return 'needs a content: a string or a list of parts that is not empty';
  const bad = parts.findIndex((part) => typeof part !== 'object' || part === null || !('type' in part));
  return bad < 0 ? undefined : `.content[${bad}] must be an object with a type, such as input_text`;
}

/** A turn's input as items. */
export function userItems(input: string | readonly ResponseInputItem[]): readonly ResponseInputItem[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}
