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
import { itemsOf } from './input-items.js';
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
  there: LookBack,
  attempt: Pick<Attempt, 'kept'>,
  model: string,
  input: InferInput['input'],
): JsonObject | undefined {
  const output = answersIn(newIn(there, attempt, input)).at(-1)?.said ?? [];
  if (output.length === 0) return undefined;
  const status = output.some((item) => item.status === 'incomplete') ? 'incomplete' : 'completed';
  return { type: `response.${status}`, response: { status, model, output } };
}

/**
 * Ids of what is there once too often, where requests of two attempts were answered: a process was suspended while its
 * request ran, and another one asked in its place. `output`: the items of the answer that counts.
 */
export function doubles(
  there: LookBack,
  attempt: Pick<Attempt, 'kept'>,
  input: InferInput['input'],
  output: readonly JsonObject[],
): readonly string[] {
  const counts = new Set(output.flatMap(({ id }) => id ?? []));
  const answers = answersIn(newIn(there, attempt, input));
  const counted = answers.find(({ said }) => said.some(({ id }) => id !== undefined && counts.has(id)));
  if (!counted) return [];
  return answers
    .filter((answer) => answer !== counted)
    .flatMap(({ asked, said }) => [...asked, ...said].flatMap(({ id }) => id ?? []));
}

/** One answer with what its request said. */
interface AnswerThere {
  readonly asked: Item[];
  readonly said: Item[];
}

/**
 * Oldest first. One where they cannot be told apart; none where somebody else's turn or app put something there
 * meanwhile: what is whose cannot be told.
 */
function answersIn({ said, asked, fresh }: NewItems): readonly AnswerThere[] {
  if (said.length === 0 || said.length + asked.length < fresh.length) return [];
  const answers: AnswerThere[] = [];
  // The list is newest first, a response's output oldest first.
  for (const item of fresh.toReversed()) {
    const last = answers.at(-1);
    const isSaid = said.includes(item);
    const open = last && (isSaid || last.said.length === 0) ? last : { asked: [], said: [] };
    if (open !== last) answers.push(open);
    (isSaid ? open.said : open.asked).push(item);
  }
  const [first] = answers;
  const areWhole = answers.every(
    (answer) => answer.said.length > 0 && answer.asked.length === first?.asked.length,
  );
  return areWhole ? answers : [{ asked: asked.toReversed(), said: said.toReversed() }];
}

/**
 * What an earlier attempt asked and nobody answered, as ids of items: Llama Stack adds items one by one, and stops
 * where its client leaves. Its model does not see them, so they have to be asked again.
 */
export function leftovers(
  there: LookBack,
  attempt: Pick<Attempt, 'kept'>,
  input: InferInput['input'],
): readonly string[] {
  const { said, asked } = newIn(there, attempt, input);
  if (said.length > 0) return [];
  const left = [...asked];
  // Each once: somebody else may have said the same.
  const one = (isIt: (item: Item) => boolean): readonly string[] => {
    const at = left.findIndex(isIt);
    return at < 0 ? [] : left.splice(at, 1).flatMap(({ id }) => id ?? []);
  };
  const { answered_ahead = [] } = attempt.kept;
  return [
    ...itemsOf(input).flatMap((sent) => one((item) => saysTheSame(item, sent))),
    ...answered_ahead.flatMap((call) => one((item) => answeredBy(item) === call)),
  ];
}

interface NewItems {
  readonly fresh: readonly Item[];
  /** By a model. */
  readonly said: readonly Item[];
  /** By our request. */
  readonly asked: readonly Item[];
}

/** What has come into the conversation since an attempt looked there before its request; newest first. */
function newIn(
  { items = [] }: LookBack,
  { kept }: Pick<Attempt, 'kept'>,
  input: InferInput['input'],
): NewItems {
  const { newest_items: before, answered_ahead = [] } = kept;
  if (!before) return { fresh: [], said: [], asked: [] };
  const known = new Set(before);
  const fresh = items.filter((item) => item.id !== undefined && !known.has(item.id));
  const isOurs = (item: Item): boolean =>
    isSent(item, input) || answered_ahead.includes(answeredBy(item) ?? '');
  const said = fresh.filter(isOutput);
  return { fresh, said, asked: fresh.filter((item) => !isOutput(item) && isOurs(item)) };
}

/** Whether our request brought this item: an output of our calls, or a message that says what ours says. */
function isSent(item: Item, input: InferInput['input']): boolean {
  return itemsOf(input).some((sent) => saysTheSame(item, sent));
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
