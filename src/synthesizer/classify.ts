/**
 * Who runs an item. Decided by the item's type, by what it says of its execution, and by the tools of the
 * request; never by a name alone: a function of ours that is called web_search is still ours.
 */
import type { JsonObject } from '../events/index.js';
import { objectOf, objectsOf, wordOf } from './json-reader.js';
import type { Role, SynthesizerState } from './state.js';

type Declarations = Pick<SynthesizerState, 'options' | 'declared'>;

/** Items that only repeat what was sent to the server. */
const NEVER_A_STEP: ReadonlySet<string> = new Set([
  'additional_tools',
  'mcp_approval_response',
  'item_reference',
  'compaction_trigger',
]);

/** xAI runs these itself; their items carry names of its own sub-tools. */
const XAI_CALLS: ReadonlySet<string> = new Set([
  'x_search_call',
  'code_execution_call',
  'view_image_call',
  'view_x_video_call',
]);

export function roleOf(item: JsonObject, declarations: Declarations): Role {
  const type = wordOf(item['type']) ?? '';
  switch (type) {
    case 'message':
      return isInput(item) ? 'other' : 'message';
    case 'reasoning':
    case 'compaction':
      return type;
    case 'function_call':
      // Also of a name that nobody declared: the model is told that there is no such tool.
      return 'client_call';
    case 'mcp_approval_request':
      return 'approval';
    case 'file_search_call':
    case 'web_search_call':
    case 'mcp_call':
    case 'mcp_list_tools':
    case 'code_interpreter_call':
    case 'image_generation_call':
    case 'program':
      return 'hosted_call';
    case 'shell_call':
      return objectOf(item['environment'])?.['type'] === 'container_reference'
        ? 'hosted_call'
        : 'client_call';
    case 'tool_search_call':
      return isClientSearch(item) ? 'client_call' : 'hosted_call';
    case 'local_shell_call':
    case 'apply_patch_call':
    case 'computer_call':
      return 'client_call';
    case 'tool_search_output':
      return isClientSearch(item) ? 'other' : 'hosted_output';
    case 'shell_call_output':
    case 'program_output':
      return 'hosted_output';
    default:
      return unknownRole(item, type, declarations);
  }
}

/** An unknown call that nobody runs is safer than one that we run without having declared it. */
function unknownRole(item: JsonObject, type: string, declarations: Declarations): Role {
  if (type === '' || type.endsWith('_output') || NEVER_A_STEP.has(type)) return 'other';
  if (!type.endsWith('_call') || XAI_CALLS.has(type)) return 'hosted_call';
  return isDeclared(type, wordOf(item['name']), declarations) ? 'client_call' : 'hosted_call';
}

/** Custom tools share names with sub-tools of servers, so for them the type has to be declared as well. */
function isDeclared(itemType: string, name: string | null, { options, declared }: Declarations): boolean {
  if (name === null) return false;
  const known = [...options.clientTools.map((tool) => `${tool.type} ${tool.name}`), ...declared];
  if (itemType === 'custom_tool_call') return known.includes(`custom ${name}`);
  return known.some((tool) => tool.slice(tool.indexOf(' ') + 1) === name);
}

/** Whether a message was said to the model instead of by it. */
export function isInput(message: JsonObject): boolean {
  const role = message['role'];
  return role === 'user' || role === 'system' || role === 'developer';
}

/** A server that does not say who searches has no call id to answer where it does so itself. */
function isClientSearch({ execution, call_id }: JsonObject): boolean {
  return execution === 'client' || (execution === undefined && wordOf(call_id) !== null);
}

/** `type name` of the tools that clients run, among tools as requests declare them. */
export function declaredTools(tools: readonly JsonObject[]): readonly string[] {
  return tools.flatMap((tool): readonly string[] => {
    const { type, name } = tool;
    if (type === 'namespace') return declaredTools(objectsOf(tool['tools']));
    const isOurs = (type === 'function' || type === 'custom') && wordOf(name) !== null;
    return isOurs ? [`${type} ${wordOf(name) ?? ''}`] : [];
  });
}

/** The item type without `_call`, and of custom tools without `_tool_call`, as their declaration says it. */
export function toolTypeOf(itemType: string): string {
  return itemType === 'custom_tool_call' ? 'custom' : itemType.replace(/(_call)?_output$|_call$/, '');
}
