/**
 * What a hosted tool's final item tells of its result. Only named fields are taken over: items can hold
 * secrets (authorization, headers) and blobs, which must never reach an event.
 */
import type { JsonObject, JsonValue, StepStatus } from '../events/index.js';
import { codeInterpreterResult } from './code-interpreter.js';
import { fileSearchResult } from './file-search.js';
import { foreignResult } from './foreign.js';
import { imageGenerationResult } from './image-generation.js';
import { mcpCallResult, mcpListToolsResult } from './mcp.js';
import { programOutput } from './program.js';
import { shellOutput } from './shell.js';
import { toolSearchOutput } from './tool-search.js';
import { webSearchResult } from './web-search.js';

export interface HostedResult {
  readonly content: JsonValue;
  readonly is_error: boolean;
  /** The call in words, for tools whose item has no arguments of its own. */
  readonly arguments?: string;
  readonly metadata?: JsonObject;
  /** false: the item says nothing of a result, as if the tool never ran to its end. */
  readonly has_result: boolean;
}

export function hostedResult(item: JsonObject): HostedResult {
  switch (item['type']) {
    case 'file_search_call':
      return fileSearchResult(item);
    case 'web_search_call':
      return webSearchResult(item);
    case 'mcp_call':
      return mcpCallResult(item);
    case 'mcp_list_tools':
      return mcpListToolsResult(item);
    case 'code_interpreter_call':
      return codeInterpreterResult(item);
    case 'image_generation_call':
      return imageGenerationResult(item);
    case 'shell_call_output':
      return shellOutput(item);
    case 'tool_search_output':
      return toolSearchOutput(item);
    case 'program_output':
      return programOutput(item);
    default:
      return foreignResult(item);
  }
}

/**
 * The status of the step. Of the item's own status only `failed` and `incomplete` mean something: done
 * items also say `searching`, `generating` or `in_progress`.
 */
export function hostedStatus(item: JsonObject, result: HostedResult, isDone: boolean): StepStatus {
  if (result.is_error || isFailed(item)) return 'failed';
  if (item['status'] === 'incomplete') return 'incomplete';
  return isDone || result.has_result ? 'completed' : 'incomplete';
}

function isFailed(item: JsonObject): boolean {
  return item['status'] === 'failed';
}
