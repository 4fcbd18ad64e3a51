// Recorded turns that break off on conversations of the scripted server: what is left there, and the turn after them.

import type OpenAI from 'openai';
import { expect } from 'vitest';
import type { TurnClient, TurnHandle } from '../../src/client/index.js';
import { textOf } from '../../src/synthesizer/json-reader.js';
import { reply, when } from '../../src/testing/index.js';
import type { Script } from '../../src/testing/index.js';
import { idSuffix, playedStream } from './cut-recordings.js';
import type { Recording } from './cut-recordings.js';
import { openIn, outputOf, terminal } from './recorded-agent.js';

const NEXT = 'And after that:';
const MORE = 'There is more.';
/** More than any response is asked for. */
const ATTEMPTS = 10;

/** Answers the turns that come after the recorded ones. */
export const nextTurns: Script = when(
  ({ prompt }) => prompt.startsWith(NEXT),
  () => reply.text(MORE),
);

/** Each of those that are played so is given a conversation of its own. */
export function inConversations(openai: OpenAI, turns: readonly Recording[]): Promise<readonly Recording[]> {
  return Promise.all(
    turns.map(async (turn) => {
      if (!turn.way.startsWith('conversation')) return turn;
      return { ...turn, conversation: (await openai.conversations.create({})).id };
    }),
  );
}

/**
 * The conversation of a turn that has completed, if it has one, holds what was asked, each item of the responses that
 * the turn was made of, and one answer to each call; and the next turn goes on from there.
 */
export async function expectConversation(
  openai: OpenAI,
  turns: TurnClient,
  recording: Recording,
  turn: TurnHandle,
): Promise<void> {
  const { conversation, agent, input } = recording;
  if (conversation === undefined) return;
  const { response_ids } = await turn.result();
  const found = await itemsIn(openai, recording);
  const left = [`user: ${input}`, ...leftBy(recording, response_ids, found)];
  expect(found, input).toEqual(left.toSorted());

  const asked = `${NEXT} ${input}`;
  const next = await turns.start({ agent, input: asked, conversation });
  expect(await next.result(), asked).toMatchObject({ status: 'completed', final_text: MORE });
  const more = [...left, `user: ${asked}`, `assistant: ${MORE}`];
  expect(await itemsIn(openai, recording), input).toEqual(more.toSorted());
}

/**
 * What the responses put there, and the answers to their calls. A response that was found in the conversation has no
 * id in the turn: of which attempt it is, only the conversation can tell.
 */
function leftBy(
  recording: Recording,
  responseIds: readonly string[],
  found: readonly string[],
): readonly string[] {
  return recording.streams.flatMap((_, index) => {
    const attempts = Array.from({ length: ATTEMPTS }, (_each, n) => {
      const stream = playedStream(recording, index, n + 1);
      const lines = outputOf(stream).map(({ id, type }) => `${textOf(type)} ${textOf(id)}`);
      return { id: textOf(terminal(stream)['id']), lines, calls: stream ? openIn(stream) : [] };
    });
    const played =
      attempts.find(({ id }) => responseIds.includes(id)) ??
      attempts.find(({ lines }) => lines.some((line) => found.includes(line)));
    if (!played) throw new Error(`${recording.input}: nothing is left of response ${index}`);
    return [...played.lines, ...played.calls.map(({ id, call_id }) => `answer to ${textOf(call_id ?? id)}`)];
  });
}

/** Sorted: what is there, how often, and in no order. */
async function itemsIn(openai: OpenAI, { conversation = '', input }: Recording): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const item of openai.conversations.items.list(conversation)) lines.push(lineOf(item, input));
  return lines.toSorted();
}

function lineOf(item: object, input: string): string {
  const { id, type, role, content, call_id, approval_request_id } = item as Readonly<Record<string, unknown>>;
  if (String(id).includes(idSuffix(input))) return `${String(type)} ${String(id)}`;
  if (type !== 'message') return `answer to ${String(call_id ?? approval_request_id)}`;
  const parts = content as readonly { readonly text?: string }[];
  return `${String(role)}: ${parts.map(({ text = '' }) => text).join('')}`;
}
