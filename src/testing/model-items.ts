/** Items that the model writes: messages, refusals, reasoning and calls of the client's functions. */
import { added, done, fromHits, jsonText, pieces } from './item-draft.js';
import type { ItemContext, ItemEvents } from './item-draft.js';
import type { AnnotatedText, FunctionCallStep, ReasoningStep, RefusalStep, TextStep } from './reply-step.js';
import { newId } from './wire.js';
import type { Item } from './wire.js';

export function* text(step: TextStep, context: ItemContext): ItemEvents {
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

export function* refusal(step: RefusalStep, context: ItemContext): ItemEvents {
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

export function* reasoning(step: ReasoningStep, context: ItemContext): ItemEvents {
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
  // Reasoning that is kept secret has no parts.
  if (step.text !== '') {
    yield { event: { type: `${partFamily}.added`, ...at, part: { ...part, text: '' } } };
    for (const delta of pieces(step.text, step.deltas))
      yield { event: { type: `${family}.delta`, ...at, delta }, perSecond: step.perSecond };
    yield { event: { type: `${family}.done`, ...at, text: step.text } };
    yield { event: { type: `${partFamily}.done`, ...at, part } };
  }
  const encrypted = Buffer.from(`scripted:${step.text}`).toString('base64');
  return yield* done(context, {
    ...base,
    [summary ? 'summary' : 'content']: step.text === '' ? [] : [part],
    ...(context.encryptedReasoning && { encrypted_content: encrypted }),
  });
}

export function* functionCall(step: FunctionCallStep, context: ItemContext): ItemEvents {
  const id = newId('fc');
  const args = jsonText(fromHits(step.arguments, context.hits));
  const call = { call_id: step.callId ?? context.newCallId(), name: step.name };
  const base: Item = { id, type: 'function_call', status: 'in_progress', arguments: '', ...call };
  const at = { item_id: id, output_index: context.outputIndex };
  yield added(context, base);
  for (const delta of pieces(args))
    yield { event: { type: 'response.function_call_arguments.delta', ...at, delta } };
  yield { event: { type: 'response.function_call_arguments.done', ...at, arguments: args, name: step.name } };
  return yield* done(context, { ...base, status: context.status, arguments: args });
}

function annotated(value: string | AnnotatedText): AnnotatedText {
  return typeof value === 'string' ? { text: value, annotations: [] } : value;
}
