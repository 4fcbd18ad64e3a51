/** What is known of a turn's response beside its events: its input, and what a client of this API said of it. */
import { isNotFound } from '../../client/grpc-errors.js';
import type { TurnClient } from '../../client/index.js';
import { checkIsTurn } from '../only-ours.js';
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
    await checkIsTurn(turns, turnId);
    const [input, memo] = await Promise.all([turns.getHandle(turnId).input(), memoOf(turns, turnId)]);
    return { ...newHead(turnId), input, ...memo };
  });
}

/** A message that waits in its session, or has joined another turn, has none. */
async function memoOf(turns: TurnClient, turnId: string): Promise<ResponseMemo> {
  const { memo } = await turns.client.workflow
    .getHandle(turnId)
    .describe()
    .catch((error: unknown) => (isNotFound(error) ? { memo: undefined } : Promise.reject(error)));
  const { background, previous_response_id } = Object(memo?.[RESPONSE_MEMO]) as Readonly<
    Record<string, unknown>
  >;
  return {
    background: background === true,
    ...(typeof previous_response_id === 'string' ? { previous_response_id } : {}),
  };
}
