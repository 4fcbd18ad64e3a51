/** What a message of a session says that is no turn of its own: it still waits, or it has joined another turn. */
import type { Client } from '@temporalio/client';
import { sessionOfTurn } from '../protocol/message-id.js';
import type { SessionMessage } from '../protocol/session.js';
import type { TurnInput } from '../protocol/turn.js';
import { TurnNotFoundError } from './errors.js';
import { givenInput } from './given-input.js';
import { fateOf } from './message-fate.js';
import { sessionNews, sessionRuns } from './session-news.js';

/** @throws TurnNotFoundError */
export async function messageInput(client: Client, turnId: string): Promise<unknown> {
  const named = sessionOfTurn(turnId);
  if (!named) throw new TurnNotFoundError(turnId);
  const fate = await fateOf(client, turnId, { wait: false });
  // It has begun meanwhile.
  if (fate.kind === 'turn' && fate.turnId === turnId) return givenInput(client, turnId);
  const { sessionId, messageId } = named;
  const { ids } = await sessionRuns(client, sessionId);
  // A session that continues as new takes over which messages it had, and what those said that wait.
  const message =
    (await messageIn(client, sessionId, messageId, ids.slice(-1))) ??
    (await messageIn(client, sessionId, messageId, ids));
  if (!message) throw new TurnNotFoundError(turnId);
  const { message_id: _id, while_busy: _busy, memo: _memo, ...said } = message;
  return { ...said, session_id: sessionId } satisfies TurnInput;
}

async function messageIn(
  client: Client,
  sessionId: string,
  messageId: string,
  runs: readonly string[],
): Promise<SessionMessage | undefined> {
  for await (const { entries } of sessionNews(client, sessionId, { runs, wait: false })) {
    for (const entry of entries) {
      if (entry.type === 'event' && entry.message?.message_id === messageId) return entry.message;
    }
  }
  return undefined;
}
