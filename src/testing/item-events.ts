/** Which events each kind of step becomes, in the order in which OpenAI sends them. */
import { fileSearch, mcpApproval, mcpCall, webSearch } from './hosted-items.js';
import type { ItemContext, ItemEvents } from './item-draft.js';
import { functionCall, reasoning, refusal, text } from './model-items.js';
import type { ItemStep } from './reply-step.js';

export function itemEvents(step: ItemStep, context: ItemContext): ItemEvents {
  switch (step.kind) {
    case 'text':
      return text(step, context);
    case 'refusal':
      return refusal(step, context);
    case 'reasoning':
      return reasoning(step, context);
    case 'function_call':
      return functionCall(step, context);
    case 'file_search':
      return fileSearch(step, context);
    case 'web_search':
      return webSearch(step, context);
    case 'mcp_call':
      return mcpCall(step, context);
    case 'mcp_approval_request':
      return mcpApproval(step, context);
    default:
      return step satisfies never;
  }
}
