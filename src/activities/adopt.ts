/**
 * An answer that is in the conversation already: the attempt before lost only the last words of it. Asking
 * again would put everything there twice, so what came on top is taken as the answer.
 *
 * Before its request an attempt keeps the ids of the conversation's newest items as heartbeat details, and waits
 * until Temporal has them. A later attempt compares: what is there and was not there then came from this turn's
 * request. Items have no order that can be relied on (Llama Stack sorts by whole seconds), so they are compared as
 * a set.
 */
import type { JsonObject } from '../events/json.js';
import type { InferInput } from '../protocol/activity.js';
import type { Attempt } from './attempt.js';
import type { Item } from './conversation-items.js';
import type { LookBack } from './look-back.js';
import { answeredBy } from './unanswered.js';

/**
 * Keeps for later attempts what is at the server before this one's request; the first attempt that comes so far does.
 * Later ones hear from Temporal that it is still theirs to ask: one that slept may have lost its place meanwhile.
 * @throws the StopReason when the attempt has to stop first.
 */
export async function keepNewest({ items, ahead }: LookBack, attempt: Attempt): Promise<void> {
  if (!items) return;
  if (attempt.kept.newest_items) return attempt.keep({});
  await attempt.keep({
    newest_items: items.flatMap(({ id }) => id ?? []),
    ...(ahead.length > 0 ? { answered_ahead: ahead.flatMap((item) => answeredBy(item) ?? []) } : {}),
  });
}

/**
 * The end of the response that an earlier attempt got into the conversation, as a stream event; undefined where
 * the model is to be asked.
 */
export function adoptedEnd(
  { items }: LookBack,
  { kept: { newest_items: before, answered_ahead = [] } }: Pick<Attempt, 'kept'>,
  model: string,
  input: InferInput['input'],
): JsonObject | undefined {
  if (!items || !before) return undefined;
  const known = new Set(before);
  const fresh = items.filter((item) => item.id !== undefined && !known.has(item.id));
  const isOurs = (item: Item): boolean =>
    isSent(item, input) || answered_ahead.includes(answeredBy(item) ?? '');
  // Somebody else's turn or app put something there meanwhile: what is whose cannot be told.
  if (!fresh.every((item) => isOutput(item) || isOurs(item))) return undefined;
  // The list is newest first, a response's output oldest first.
  const output = fresh.filter(isOutput).toReversed();
  if (output.length === 0) return undefined;
  const status = output.some((item) => item.status === 'incomplete') ? 'incomplete' : 'completed';
  return { type: `response.${status}`, response: { status, model, output } };
}

/** Whether our request brought this item: an output of our calls, or a message that says what ours says. */
function isSent(item: Item, input: InferInput['input']): boolean {
  const ours: readonly unknown[] = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  return ours.some((sent) => saysTheSame(item, sent));
}

/** Whether an item of a conversation is what was sent: the answer to the same call, or a message of the same words. */
export function saysTheSame(item: Item, sent: unknown): boolean {
  const answers = answeredBy(item);
  if (answers !== undefined) return answeredBy(sent) === answers;
  const { content } = Object(sent) as Readonly<Record<string, unknown>>;
  return content !== undefined && textIn(content) === textIn(item['content']);
}

/** The texts of a message, however its parts are written: servers give back another form than they were sent. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => String((Object(part) as { text?: unknown }).text ?? '')).join('');
}

/** What a model says or calls; not what users and tools said to it. */
function isOutput({ type = 'message', role }: Item): boolean {
  if (type === 'message') return role === 'assistant';
  if (type === 'mcp_approval_response') return false;
  return type === 'program_output' || type === 'tool_search_output' || !type.endsWith('_output');
}
