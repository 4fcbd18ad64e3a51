/** What became of a session's message, for the handle of a turn that is not there (yet). */
import type { Client } from '@temporalio/client';
import type { TurnCancelled } from '../events/turn-event.js';
import { cancelledBeforeItsStart } from '../history/session-log.js';
import { sessionOfTurn } from '../protocol/message-id.js';
import { SessionNotFoundError, TurnNotFoundError } from './errors.js';
import { newestNews, newestRun, sessionNews } from './session-news.js';
import type { SessionNews } from './session-news.js';

/** `turn`: the turn that answers it, its own or the one that it joined. */
export type MessageFate =
  | { readonly kind: 'queued'; readonly sessionId: string; readonly messageId: string }
  | { readonly kind: 'turn'; readonly turnId: string }
  | { readonly kind: 'cancelled'; readonly event: TurnCancelled };

const LOOK_AGAIN_MS = 50;

interface Named {
  readonly sessionId: string;
  readonly messageId: string;
}

/**
 * Not waiting it tells how the message stands, else it waits until the message is no longer queued.
 * @throws TurnNotFoundError when no session has taken a message that would be this turn
 */
export async function fateOf(
  client: Client,
  turnId: string,
  { wait, signal }: { readonly wait: boolean; readonly signal?: AbortSignal | undefined },
): Promise<MessageFate> {
  const named = sessionOfTurn(turnId);
  if (!named) throw new TurnNotFoundError(turnId);
  try {
    for (;;) {
      const fate = await standing(client, turnId, named, signal);
      if (!wait || fate.kind !== 'queued') return fate;
      const later = await awaited(client, turnId, named, signal);
      if (later) return later;
    }
  } catch (error) {
    throw error instanceof SessionNotFoundError ? new TurnNotFoundError(turnId) : error;
  }
}

/** Without waiting for the turn, so that an id which nobody has sent is told at once. */
async function standing(
  client: Client,
  turnId: string,
  named: Named,
  signal: AbortSignal | undefined,
): Promise<MessageFate> {
  for (;;) {
    const { runId, isAtWork } = await newestRun(client, named.sessionId);
    let fate: MessageFate | undefined;
    let isLeft = false;
    for await (const news of sessionNews(client, named.sessionId, { runs: [runId], wait: false, signal })) {
      fate = fateIn(news, named) ?? fate;
      ({ isLeft } = news);
    }
    if (isLeft) continue;
    if (fate) return fate;
    // A message that came while a worker was at work comes into the history when it is done.
    if (!isAtWork) throw new TurnNotFoundError(turnId);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    signal?.throwIfAborted();
  }
}

/** Undefined: a reset has put the run aside in which the message waited. */
async function awaited(
  client: Client,
  turnId: string,
  named: Named,
  signal: AbortSignal | undefined,
): Promise<MessageFate | undefined> {
  for await (const news of newestNews(client, named.sessionId, { wait: true, signal })) {
    if (news.isLeft) return undefined;
    const fate = fateIn(news, named);
    if (fate && fate.kind !== 'queued') return fate;
  }
  throw new TurnNotFoundError(turnId);
}

function fateIn({ book, at }: SessionNews, { sessionId, messageId }: Named): MessageFate | undefined {
  const turn = book.turn(messageId);
  if (!turn) return undefined;
  const { state, turn_id, steered_into } = turn;
  if (state === 'queued') return { kind: 'queued', sessionId, messageId };
  if (state === 'cancelled') {
    return { kind: 'cancelled', event: cancelledBeforeItsStart(sessionId, turn_id, at) };
  }
  return { kind: 'turn', turnId: steered_into ?? turn_id };
}
