/** Items of tools that the server runs: file search, web search and MCP. */
import { added, done, jsonText, pieces } from './item-draft.js';
import type { Draft, ItemContext, ItemEvents } from './item-draft.js';
import type { FileSearchStep, McpApprovalStep, McpCallStep, WebSearchStep } from './reply-step.js';
import type { SearchHit } from './search.js';
import { newId } from './wire.js';
import type { Item } from './wire.js';

export function* fileSearch(step: FileSearchStep, context: ItemContext): ItemEvents {
  const queries = step.queries ?? [context.prompt];
  const base: Item = {
    id: newId('fs'),
    type: 'file_search_call',
    status: 'in_progress',
    queries: [],
    results: null,
  };
  yield added(context, base);
  yield* hostedPhases(context, base, ['in_progress', 'searching']);
  const found = mergeHits(queries.flatMap((query) => context.search(query)));
  context.hits.push(...found);
  yield* hostedPhases(context, base, ['completed']);
  const results = found.map(({ fileId, filename, text: words, score, attributes }) => ({
    file_id: fileId,
    filename,
    text: words,
    score,
    attributes,
  }));
  return yield* done(context, { ...base, status: 'completed', queries, results });
}

export function* webSearch(step: WebSearchStep, context: ItemContext): ItemEvents {
  const base: Item = { id: newId('ws'), type: 'web_search_call', status: 'in_progress' };
  yield added(context, base);
  yield* hostedPhases(context, base, ['in_progress', 'searching', 'completed']);
  const sources = step.sources.map((url) => ({ type: 'url', url }));
  return yield* done(context, {
    ...base,
    status: 'completed',
    action: { type: 'search', query: step.query, sources },
  });
}

export function* mcpCall(step: McpCallStep, context: ItemContext): ItemEvents {
  const id = newId('mcp');
  const args = jsonText(step.arguments);
  const base: Item = {
    id,
    type: 'mcp_call',
    status: 'in_progress',
    approval_request_id: null,
    arguments: '',
    error: null,
    name: step.name,
    output: null,
    server_label: step.serverLabel,
  };
  const at = { item_id: id, output_index: context.outputIndex };
  yield added(context, base);
  yield* hostedPhases(context, base, ['in_progress']);
  for (const delta of pieces(args))
    yield { event: { type: 'response.mcp_call_arguments.delta', ...at, delta } };
  yield { event: { type: 'response.mcp_call_arguments.done', ...at, arguments: args } };
  const status = step.error === null ? 'completed' : 'failed';
  yield* hostedPhases(context, base, [status]);
  const error =
    step.error === null
      ? null
      : { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: step.error }] };
  return yield* done(context, { ...base, status, arguments: args, output: step.output, error });
}

export function* mcpApproval(step: McpApprovalStep, context: ItemContext): ItemEvents {
  const item: Item = {
    id: newId('mcpr'),
    type: 'mcp_approval_request',
    arguments: jsonText(step.arguments),
    name: step.name,
    server_label: step.serverLabel,
  };
  yield added(context, item);
  return yield* done(context, item);
}

/** `response.file_search_call.searching` and its like: they say a phase and carry nothing else. */
function* hostedPhases(context: ItemContext, item: Item, phases: readonly string[]): Generator<Draft> {
  for (const phase of phases) {
    const type = `response.${item.type}.${phase}`;
    yield { event: { type, output_index: context.outputIndex, item_id: item['id'] ?? '' } };
  }
}

function mergeHits(hits: readonly SearchHit[]): SearchHit[] {
  const best = new Map<string, SearchHit>();
  for (const hit of hits) {
    const key = `${hit.fileId}\n${hit.text}`;
    if ((best.get(key)?.score ?? -1) < hit.score) best.set(key, hit);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score);
}
