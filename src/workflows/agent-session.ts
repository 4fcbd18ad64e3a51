/**
 * `agentSession`: turns that follow each other on one conversation, for as long as the user wants. The workflow's
 * id is the session's; its turns are children that outlive a continue-as-new, one after another.
 */
import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { SessionCarry } from '../protocol/session.js';
import { SessionBook } from '../protocol/session-book.js';
import { SessionRun } from './session-run.js';

/**
 * Started by the signal `message` (signalWithStart), without an argument. It ends by the signal `close` only.
 * To cancel the workflow is to close the session.
 */
export async function agentSession(carry?: SessionCarry): Promise<void> {
  const session = new SessionRun(new SessionBook(workflowInfo().workflowId, carry ?? {}));
  CancellationScope.current().cancelRequested.catch(() => session.close());
  await CancellationScope.nonCancellable(() => session.untilClosed());
}
