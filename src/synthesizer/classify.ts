/**
 * Who runs an item. Decided by the item's type and the tools of the request, never by a name alone: a
 * function of ours that is called web_search is still ours.
 */
import type { JsonObject } from '../events/index.js';
import { objectOf, wordOf } from './json-reader.js';
import type { Role, SynthesizerOptions } from './state.js';

type ClientTools = SynthesizerOptions['clientTools'];

export function roleOf(item: JsonObject, clientTools: ClientTools): Role {
  const type = wordOf(item['type']) ?? '';
  switch (type) {
    case 'message':
    case 'reasoning':
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
      return 'hosted_call';
    case 'shell_call':
      return objectOf(item['environment'])?.['type'] === 'container_reference' ? 'hosted_call' : 'other';
    case 'tool_search_call':
      return item['execution'] === 'server' ? 'hosted_call' : 'other';
    case 'local_shell_call':
    case 'apply_patch_call':
    case 'computer_call':
      return 'other';
    default:
      return unknownRole(item, type, clientTools);
  }
}

/** An unknown call that nobody runs is safer than one that we run without having declared it. */
function unknownRole(item: JsonObject, type: string, clientTools: ClientTools): Role {
  if (!type.endsWith('_call')) return 'other';
  const declared = clientTools.some((tool) => tool.type === toolTypeOf(type) && tool.name === item['name']);
  return declared ? 'client_call' : 'hosted_call';
}

/** The item type without `_call`, and of custom tools without `_tool_call`, as their declaration says it. */
export function toolTypeOf(itemType: string): string {
  return itemType === 'custom_tool_call' ? 'custom' : itemType.replace(/_call$/, '');
}
