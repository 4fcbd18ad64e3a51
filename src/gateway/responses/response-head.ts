/** What is known of a turn's response beside its events: its input, and what a client of this API said of it. */
import { TurnNotFoundError } from '../../client/index.js';
import type { TurnClient, TurnInput } from '../../client/index.js';
import { SESSION_MEMO } from '../../protocol/names.js';
import type { Temporal } from '../temporal.js';
import { responseIdOf } from './response-id.js';
import type { ResponseHead } from './response-object.js';

/** Memo key of turns that were started as responses. */
export const RESPONSE_MEMO = 'response';

export interface ResponseMemo {
  readonly background: boolean;
  readonly previous_response_id?: string;
}

/** What every turn has. */
export function newHead(turnId: string): Pick<ResponseHead, 'id' | 'queued_at'> {
  return { id: responseIdOf(turnId), queued_at: new Date().toISOString() };
}

/** @throws TurnNotFoundError */
export function headOf(temporal: Temporal, turnId: string): Promise<ResponseHead> {
  const { turns } = temporal;
  return temporal.ask(async () => {
    try {
      const [input, memo] = await Promise.all([turns.getHandle(turnId).input(), memoOf(turns, turnId)]);
      return { ...newHead(turnId), input, ...memo };
    } catch (error) {
      if (!(error instanceof TurnNotFoundError)) throw error;
      return { ...newHead(turnId), input: await inputOfMessage(turns, turnId), background: false };
    }
  });
}

/**
 * A message that waits in its session, or has joined another turn: what is known of it is its session.
 * @throws TurnNotFoundError
 */
async function inputOfMessage(turns: TurnClient, turnId: string): Promise<TurnInput> {
  const { session_id, agent } = await turns.getHandle(turnId).progress();
  if (session_id === undefined) throw new TurnNotFoundError(turnId);
  const { memo } = await turns.client.workflow.getHandle(session_id).describe();
  const { agent: ofSession } = Object(memo?.[SESSION_MEMO]) as { readonly agent?: unknown };
  return { agent: agent ?? (typeof ofSession === 'string' ? ofSession : ''), input: '', session_id };
}

async function memoOf(turns: TurnClient, turnId: string): Promise<ResponseMemo> {
  const { memo } = await turns.client.workflow.getHandle(turnId).describe();
  const { background, previous_response_id } = Object(memo?.[RESPONSE_MEMO]) as Readonly<
    Record<string, unknown>
  >;
  return {
    background: background === true,
    ...(typeof previous_response_id === 'string' ? { previous_response_id } : {}),
  };
}
