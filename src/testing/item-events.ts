/**
 * The events and the finished item of each kind of output item, in the order in which OpenAI sends them.
 * A generator yields events without their sequence number and returns the item as it is stored.
 */
import type { JsonObject } from '../events/json.js';
import type {
  AnnotatedText,
  FileSearchStep,
  FromHits,
  FunctionCallStep,
  ItemStep,
  McpApprovalStep,
  McpCallStep,
  ReasoningStep,
  RefusalStep,
  TextStep,
  WebSearchStep,
} from './reply.js';
import type { SearchHit } from './search.js';
import { newId } from './wire.js';
import type { Item, WireEvent } from './wire.js';

export interface Draft {
  readonly event: WireEvent;
  /** Set on deltas of a step that has a rate of its own. */
  readonly perSecond?: number | undefined;
}

export interface ItemContext {
  readonly outputIndex: number;
  /** How the item ends: `incomplete` when the next step cuts the response short. */
  readonly status: 'completed' | 'incomplete';
  /** The last user text, which a file search without queries looks for. */
  readonly prompt: string;
  /** What the file searches of this response have found so far. */
  readonly hits: SearchHit[];
  readonly encryptedReasoning: boolean;
  search(query: string): readonly SearchHit[];
  /** The item as the request's `include` lets it be seen. */
  visible(item: Item): Item;
}

type ItemEvents = Generator<Draft, Item>;

const DELTA = 15;

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

function* text(step: TextStep, context: ItemContext): ItemEvents {
  const { text: full, annotations } = annotated(fromHits(step.text, context.hits));
  const id = newId('msg');
  const phase = step.phase === undefined ? {} : { phase: step.phase };
  const base: Item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [], ...phase };
  const at = { item_id: id, output_index: context.outputIndex, content_index: 0 };
  const part = { type: 'output_text', annotations, logprobs: [], text: full };
  yield added(context, base);
  yield {
    event: { type: 'response.content_part.added', ...at, part: { ...part, annotations: [], text: '' } },
  };
  let sent = 0;
  let cited = 0;
  for (const delta of pieces(full, step.deltas)) {
    yield {
      event: { type: 'response.output_text.delta', ...at, delta, logprobs: [] },
      perSecond: step.perSecond,
    };
    sent += delta.length;
    for (const annotation of annotations.slice(cited)) {
      if (Number(annotation['index'] ?? 0) > sent) break;
      yield {
        event: {
          type: 'response.output_text.annotation.added',
          ...at,
          annotation_index: cited++,
          annotation,
        },
      };
    }
  }
  yield { event: { type: 'response.output_text.done', ...at, text: full, logprobs: [] } };
  yield { event: { type: 'response.content_part.done', ...at, part } };
  return yield* done(context, { ...base, status: context.status, content: [part] });
}

function* refusal(step: RefusalStep, context: ItemContext): ItemEvents {
  const id = newId('msg');
  const base: Item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const at = { item_id: id, output_index: context.outputIndex, content_index: 0 };
  const part = { type: 'refusal', refusal: step.refusal };
  yield added(context, base);
  yield { event: { type: 'response.content_part.added', ...at, part: { ...part, refusal: '' } } };
  for (const delta of pieces(step.refusal, step.deltas))
    yield { event: { type: 'response.refusal.delta', ...at, delta }, perSecond: step.perSecond };
  yield { event: { type: 'response.refusal.done', ...at, refusal: step.refusal } };
  yield { event: { type: 'response.content_part.done', ...at, part } };
  return yield* done(context, { ...base, status: context.status, content: [part] });
}

function* reasoning(step: ReasoningStep, context: ItemContext): ItemEvents {
  const id = newId('rs');
  const summary = step.as === 'summary';
  const base: Item = { id, type: 'reasoning', summary: [], ...(!summary && { content: [] }) };
  const at = {
    item_id: id,
    output_index: context.outputIndex,
    [summary ? 'summary_index' : 'content_index']: 0,
  };
  const part = { type: summary ? 'summary_text' : 'reasoning_text', text: step.text };
  const family = summary ? 'response.reasoning_summary_text' : 'response.reasoning_text';
  const partFamily = summary ? 'response.reasoning_summary_part' : 'response.content_part';
  yield added(context, base);
  yield { event: { type: `${partFamily}.added`, ...at, part: { ...part, text: '' } } };
  for (const delta of pieces(step.text, step.deltas))
    yield { event: { type: `${family}.delta`, ...at, delta }, perSecond: step.perSecond };
  yield { event: { type: `${family}.done`, ...at, text: step.text } };
  yield { event: { type: `${partFamily}.done`, ...at, part } };
  const encrypted = Buffer.from(`scripted:${step.text}`).toString('base64');
  return yield* done(context, {
    ...base,
    [summary ? 'summary' : 'content']: [part],
    ...(context.encryptedReasoning && { encrypted_content: encrypted }),
  });
}

function* functionCall(step: FunctionCallStep, context: ItemContext): ItemEvents {
  const id = newId('fc');
  const args = jsonText(fromHits(step.arguments, context.hits));
  const call = { call_id: step.callId ?? newId('call'), name: step.name };
  const base: Item = { id, type: 'function_call', status: 'in_progress', arguments: '', ...call };
  const at = { item_id: id, output_index: context.outputIndex };
  yield added(context, base);
  for (const delta of pieces(args))
    yield { event: { type: 'response.function_call_arguments.delta', ...at, delta } };
  yield { event: { type: 'response.function_call_arguments.done', ...at, arguments: args, name: step.name } };
  return yield* done(context, { ...base, status: context.status, arguments: args });
}

function* fileSearch(step: FileSearchStep, context: ItemContext): ItemEvents {
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

function* webSearch(step: WebSearchStep, context: ItemContext): ItemEvents {
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

function* mcpCall(step: McpCallStep, context: ItemContext): ItemEvents {
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

function* mcpApproval(step: McpApprovalStep, context: ItemContext): ItemEvents {
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

function added(context: ItemContext, item: Item): Draft {
  return { event: { type: 'response.output_item.added', output_index: context.outputIndex, item } };
}

function* done(context: ItemContext, item: Item): ItemEvents {
  yield {
    event: {
      type: 'response.output_item.done',
      output_index: context.outputIndex,
      item: context.visible(item),
    },
  };
  return item;
}

/** `response.file_search_call.searching` and its like: they say a phase and carry nothing else. */
function* hostedPhases(context: ItemContext, item: Item, phases: readonly string[]): Generator<Draft> {
  for (const phase of phases) {
    const type = `response.${item.type}.${phase}`;
    yield { event: { type, output_index: context.outputIndex, item_id: item['id'] ?? '' } };
  }
}

function fromHits<T extends string | object>(value: FromHits<T>, hits: readonly SearchHit[]): T {
  return typeof value === 'function' ? value(hits) : value;
}

function annotated(value: string | AnnotatedText): AnnotatedText {
  return typeof value === 'string' ? { text: value, annotations: [] } : value;
}

function jsonText(value: JsonObject | string): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function mergeHits(hits: readonly SearchHit[]): SearchHit[] {
  const best = new Map<string, SearchHit>();
  for (const hit of hits) {
    const key = `${hit.fileId}\n${hit.text}`;
    if ((best.get(key)?.score ?? -1) < hit.score) best.set(key, hit);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score);
}

/** A text in deltas of `size` UTF-16 units that never cut a character in two. */
function pieces(full: string, size: number = DELTA): string[] {
  const found: string[] = [];
  let piece = '';
  for (const character of full) {
    piece += character;
    if (piece.length >= size) {
      found.push(piece);
      piece = '';
    }
  }
  return piece === '' ? found : [...found, piece];
}
