// Recorded turns that break off on conversations of the scripted server: what is left there, and the turn after them.

import type OpenAI from 'openai';
import { expect } from 'vitest';
import type { TurnClient, TurnHandle } from '../../src/client/index.js';
import { textOf } from '../../src/synthesizer/json-reader.js';
import { reply, when } from '../../src/testing/index.js';
import type { Script } from '../../src/testing/index.js';
import { idSuffix, isBackground, playedStream } from './cut-recordings.js';
import type { Recording } from './cut-recordings.js';
import { openIn, outputOf, terminal } from './recorded-agent.js';

const NEXT = 'And after that:';
const MORE = 'There is more.';

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
  const left = [`user: ${input}`, ...leftBy(recording, response_ids)];
  expect(await itemsIn(openai, recording)).toEqual(left.toSorted());

  const asked = `${NEXT} ${input}`;
  const next = await turns.start({ agent, input: asked, conversation });
  expect(await next.result(), asked).toMatchObject({ status: 'completed', final_text: MORE });
  const more = [...left, `user: ${asked}`, `assistant: ${MORE}`];
  expect(await itemsIn(openai, recording)).toEqual(more.toSorted());
}

/** What the responses put there, and the answers to their calls. */
function leftBy(recording: Recording, responseIds: readonly string[]): readonly string[] {
  const { streams, cut, way } = recording;
  // A response in the background goes on by itself, and can be followed once its id is known.
  const isAdopted = cut.committed || (isBackground(way) && cut.events === 0);
  // One that was found in the conversation has no id.
  expect(responseIds).toHaveLength(streams.length - (isAdopted ? 1 : 0));
  return streams.flatMap((_, index) => {
    const attempts = [1, 2, 3, 4, 5].map((attempt) => playedStream(recording, index, attempt));
    const isFound = isAdopted && cut.response === index;
    const played = isFound
      ? attempts[0]
      : attempts.find((stream) => responseIds.includes(textOf(terminal(stream)['id'])));
    expect(played, `${recording.input}: which attempt is response ${index}?`).toBeDefined();
    if (!played) return [];
    return [
      ...outputOf(played).map(({ id, type }) => `${textOf(type)} ${textOf(id)}`),
      ...openIn(played).map(({ id, call_id }) => `answer to ${textOf(call_id ?? id)}`),
    ];
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
