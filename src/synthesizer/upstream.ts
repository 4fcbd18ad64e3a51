/**
 * Every event that a Responses server may send, and which rule handles it. Events of the installed
 * openai package are keys of a Record, so that a new one breaks the type check instead of being missed.
 */
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { PartKind } from './state.js';

export type Handling =
  | { readonly on: 'lifecycle' }
  | { readonly on: 'end'; readonly status: 'completed' | 'incomplete' | 'failed' }
  | { readonly on: 'error' }
  | { readonly on: 'item_added' }
  | { readonly on: 'item_done' }
  | { readonly on: 'text_delta'; readonly kind: PartKind }
  | { readonly on: 'text_done'; readonly kind: PartKind }
  | { readonly on: 'part_done' }
  | { readonly on: 'annotation' }
  | { readonly on: 'arguments_delta'; readonly itemType: string }
  | { readonly on: 'arguments_done'; readonly itemType: string }
  /** A piece of a shell command, or its beginning. */
  | { readonly on: 'command_delta' }
  | { readonly on: 'command_done' }
  /** A piece of a patch. */
  | { readonly on: 'diff_delta' }
  /** What a hosted tool prints while it runs. */
  | { readonly on: 'output_delta'; readonly itemType: string }
  /** Known, and nothing to say: the item's added and done tell all of it. */
  | { readonly on: 'noted' };

const NOTED: Handling = { on: 'noted' };

const TYPED: Record<ResponseStreamEvent['type'], Handling> = {
  'response.created': { on: 'lifecycle' },
  'response.queued': { on: 'lifecycle' },
  'response.in_progress': { on: 'lifecycle' },
  'response.completed': { on: 'end', status: 'completed' },
  'response.incomplete': { on: 'end', status: 'incomplete' },
  'response.failed': { on: 'end', status: 'failed' },
  error: { on: 'error' },

  'response.output_item.added': { on: 'item_added' },
  'response.output_item.done': { on: 'item_done' },

  'response.content_part.added': NOTED,
  'response.content_part.done': { on: 'part_done' },
  'response.output_text.delta': { on: 'text_delta', kind: 'text' },
  'response.output_text.done': { on: 'text_done', kind: 'text' },
  'response.output_text.annotation.added': { on: 'annotation' },
  'response.refusal.delta': { on: 'text_delta', kind: 'refusal' },
  'response.refusal.done': { on: 'text_done', kind: 'refusal' },

  'response.reasoning_summary_part.added': NOTED,
  'response.reasoning_summary_part.done': { on: 'part_done' },
  'response.reasoning_summary_text.delta': { on: 'text_delta', kind: 'summary' },
  'response.reasoning_summary_text.done': { on: 'text_done', kind: 'summary' },
  'response.reasoning_text.delta': { on: 'text_delta', kind: 'reasoning' },
  'response.reasoning_text.done': { on: 'text_done', kind: 'reasoning' },

  'response.function_call_arguments.delta': { on: 'arguments_delta', itemType: 'function_call' },
  'response.function_call_arguments.done': { on: 'arguments_done', itemType: 'function_call' },
  'response.custom_tool_call_input.delta': { on: 'arguments_delta', itemType: 'custom_tool_call' },
  'response.custom_tool_call_input.done': { on: 'arguments_done', itemType: 'custom_tool_call' },
  'response.mcp_call_arguments.delta': { on: 'arguments_delta', itemType: 'mcp_call' },
  'response.mcp_call_arguments.done': { on: 'arguments_done', itemType: 'mcp_call' },
  'response.code_interpreter_call_code.delta': { on: 'arguments_delta', itemType: 'code_interpreter_call' },
  'response.code_interpreter_call_code.done': { on: 'arguments_done', itemType: 'code_interpreter_call' },

  'response.file_search_call.in_progress': NOTED,
  'response.file_search_call.searching': NOTED,
  'response.file_search_call.completed': NOTED,
  'response.web_search_call.in_progress': NOTED,
  'response.web_search_call.searching': NOTED,
  'response.web_search_call.completed': NOTED,
  'response.mcp_call.in_progress': NOTED,
  'response.mcp_call.completed': NOTED,
  'response.mcp_call.failed': NOTED,
  'response.mcp_list_tools.in_progress': NOTED,
  'response.mcp_list_tools.completed': NOTED,
  'response.mcp_list_tools.failed': NOTED,
  'response.code_interpreter_call.in_progress': NOTED,
  'response.code_interpreter_call.interpreting': NOTED,
  'response.code_interpreter_call.completed': NOTED,
  'response.image_generation_call.in_progress': NOTED,
  'response.image_generation_call.generating': NOTED,
  'response.image_generation_call.partial_image': NOTED,
  'response.image_generation_call.completed': NOTED,
  'response.audio.delta': NOTED,
  'response.audio.done': NOTED,
  'response.audio.transcript.delta': NOTED,
  'response.audio.transcript.done': NOTED,
};

/** Seen on the wire of one server or another, and not typed by the openai package. */
const UNTYPED: Readonly<Record<string, Handling>> = {
  'response.cancelled': { on: 'end', status: 'failed' },
  // xAI; its response says how it ended.
  'response.done': { on: 'end', status: 'completed' },
  // Open Responses.
  'response.reasoning.delta': { on: 'text_delta', kind: 'reasoning' },
  'response.reasoning.done': { on: 'text_done', kind: 'reasoning' },
  // OGX.
  'response.mcp_call.arguments.delta': { on: 'arguments_delta', itemType: 'mcp_call' },
  'response.mcp_call.arguments.done': { on: 'arguments_done', itemType: 'mcp_call' },
  // OpenAI; typed by later versions of its package, all but the patches.
  'response.apply_patch_call_operation_diff.delta': { on: 'diff_delta' },
  'response.apply_patch_call_operation_diff.done': NOTED,
  'response.shell_call_command.added': { on: 'command_delta' },
  'response.shell_call_command.delta': { on: 'command_delta' },
  'response.shell_call_command.done': { on: 'command_done' },
  'response.shell_call_output_content.delta': { on: 'output_delta', itemType: 'shell_call_output' },
  'response.shell_call_output_content.done': NOTED,
  keepalive: NOTED,
  // xAI.
  'response.x_search_call.in_progress': NOTED,
  'response.x_search_call.searching': NOTED,
  'response.x_search_call.completed': NOTED,
  'response.code_execution_call.in_progress': NOTED,
  'response.code_execution_call.executing': NOTED,
  'response.code_execution_call.interpreting': NOTED,
  'response.code_execution_call.completed': NOTED,
  'response.code_interpreter_call.executing': NOTED,
  'response.mcp_call.executing': NOTED,
  'response.mcp_call_output.delta': { on: 'output_delta', itemType: 'mcp_call' },
  'response.mcp_call_output.done': NOTED,
};

const HANDLINGS: ReadonlyMap<string, Handling> = new Map([
  ...Object.entries(TYPED),
  ...Object.entries(UNTYPED),
]);

/** The rule for an event type; undefined when nobody has told us of it. */
export function handlingOf(eventType: string): Handling | undefined {
  return HANDLINGS.get(eventType);
}
