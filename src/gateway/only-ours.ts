/**
 * Ids are those of Temporal's workflows, and a namespace holds other ones than turns and sessions. Who may use the
 * gateway may not end or signal what else runs there.
 */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { isNotFound } from '../client/grpc-errors.js';
import { SessionNotFoundError, TurnNotFoundError } from '../client/index.js';
import type { TurnClient } from '../client/index.js';
import { AGENT_SESSION, AGENT_TURN, SESSION_MEMO, TURN_MEMO } from '../protocol/names.js';

type Memo = WorkflowExecutionDescription['memo'];

/** @throws TurnNotFoundError. A message that waits in its session is no workflow yet, and passes. */
export async function checkIsTurn(turns: TurnClient, turnId: string): Promise<void> {
  await memoOfTurn(turns, turnId);
}

/** As `checkIsTurn`, for those who also need the memo; that of what is no workflow is undefined. */
export async function memoOfTurn(turns: TurnClient, turnId: string): Promise<Memo> {
  const found = await described(turns, turnId);
  if (found && !isOurs(found, AGENT_TURN, TURN_MEMO)) throw new TurnNotFoundError(turnId);
  return found?.memo;
}

/** @throws SessionNotFoundError. A session that nobody has begun passes. */
export async function checkIsSession(turns: TurnClient, sessionId: string): Promise<void> {
  const found = await described(turns, sessionId);
  if (found && !isOurs(found, AGENT_SESSION, SESSION_MEMO)) throw new SessionNotFoundError(sessionId);
}

function described(
  { client }: TurnClient,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  return client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
}

/** Ours are of our type, whoever started them; one of another type may be marked as one of ours by its memo. */
function isOurs(found: WorkflowExecutionDescription, type: string, mark: string): boolean {
  return found.type === type || found.memo?.[mark] !== undefined;
}
