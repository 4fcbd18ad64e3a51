/**
 * Ids are those of Temporal's workflows, and a namespace holds other ones than turns and sessions. Who may use the
 * gateway may not end or signal what else runs there.
 */
import { isNotFound } from '../client/grpc-errors.js';
import { SessionNotFoundError, TurnNotFoundError } from '../client/index.js';
import type { TurnClient } from '../client/index.js';
import { AGENT_SESSION, AGENT_TURN, SESSION_MEMO, TURN_MEMO } from '../protocol/names.js';

/** @throws TurnNotFoundError. A message that waits in its session is no workflow yet, and passes. */
export async function checkIsTurn(turns: TurnClient, turnId: string): Promise<void> {
  if (await isOther(turns, turnId, AGENT_TURN, TURN_MEMO)) throw new TurnNotFoundError(turnId);
}

/** @throws SessionNotFoundError. A session that nobody has begun passes. */
export async function checkIsSession(turns: TurnClient, sessionId: string): Promise<void> {
  if (await isOther(turns, sessionId, AGENT_SESSION, SESSION_MEMO)) throw new SessionNotFoundError(sessionId);
}

/** Ours are of our type, whoever started them; one of another type may be marked as one of ours by its memo. */
async function isOther(
  { client }: TurnClient,
  workflowId: string,
  type: string,
  mark: string,
): Promise<boolean> {
  const found = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
  return found !== undefined && found.type !== type && found.memo?.[mark] === undefined;
}
