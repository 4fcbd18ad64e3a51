/** What is known of a turn's response beside its events: its input, and what a client of this API said of it. */
import { memoOfTurn } from '../only-ours.js';
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
    const memo = await memoOfTurn(turns, turnId);
    return { ...newHead(turnId), input: await turns.getHandle(turnId).input(), ...responseMemo(memo) };
  });
}

/** A message that waits in its session, or has joined another turn, has none. */
function responseMemo(memo: Awaited<ReturnType<typeof memoOfTurn>>): ResponseMemo {
  const { background, previous_response_id } = Object(memo?.[RESPONSE_MEMO]) as Readonly<
    Record<string, unknown>
  >;
  return {
    background: background === true,
    ...(typeof previous_response_id === 'string' ? { previous_response_id } : {}),
  };
}
