/**
 * The turns of a session as child workflows. A turn reports its end by a signal. Its close counts as its report
 * where that got lost; after a continue-as-new, when Temporal no longer tells the close, an activity looks.
 */
import {
  CancellationScope,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  TemporalFailure,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { AGENT_TURN, TURN_MEMO } from '../protocol/names.js';
import type { MAKE_CONVERSATION, TURN_REPORT } from '../protocol/names.js';
import type { MadeConversation, MakeConversation, SessionMessage, TurnReport } from '../protocol/session.js';
import { cancelMessageSignal } from '../protocol/session-definitions.js';
import { childPairs } from '../protocol/search-attributes.js';
import { turnIdOf } from '../protocol/session.js';
import type { SessionBook } from '../protocol/session-book.js';
import type { TurnInput, TurnResult } from '../protocol/turn.js';

type Activities = Record<typeof MAKE_CONVERSATION, (input: MakeConversation) => Promise<MadeConversation>> &
  Record<typeof TURN_REPORT, (turnId: string) => Promise<TurnReport>>;

/** Bounded: a turn that has no conversation makes one itself, or fails with the server's own words. */
const { make_conversation: makeConversation } = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '2m',
  retry: { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: 5 },
});

/** Looks whether the turn has ended, again and again. Retries leave no trace in the history. */
const { turn_report: turnReport } = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '30s' },
});

export class SessionTurns {
  readonly #book: SessionBook;
  readonly #ended: (report: TurnReport) => void;
  #looking: CancellationScope | undefined;

  constructor(book: SessionBook, ended: (report: TurnReport) => void) {
    this.#book = book;
    this.#ended = ended;
  }

  /** The turn that was running when the run before handed over. */
  followCarried(): void {
    const { running } = this.#book;
    if (running) this.#look(running.turn_id);
  }

  /** Nobody needs to look any more. */
  forget(): void {
    this.#looking?.cancel();
    this.#looking = undefined;
  }

  async start(message: SessionMessage): Promise<void> {
    const { agent, message_id, memo } = message;
    if (this.#book.isNew) await this.#makeConversation(agent);
    // It may have been cancelled meanwhile, or another one interrupts.
    if (this.#book.next?.message_id !== message_id) return;
    const session_id = this.#book.sessionId;
    const turnId = turnIdOf(session_id, message_id);
    const input = this.#book.inputFor(message, { workflow_id: workflowInfo().workflowId });
    this.#book.start(message_id);
    try {
      const child = await startChild<(input: TurnInput) => Promise<TurnResult>>(AGENT_TURN, {
        workflowId: turnId,
        args: [input],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        memo: { ...memo, [TURN_MEMO]: { agent, session_id } },
        typedSearchAttributes: childPairs(workflowInfo().typedSearchAttributes, { agent, session_id }),
      });
      const look = (): void => this.#look(turnId);
      child.result().then(look, look);
    } catch (thrown) {
      if (!isAlreadyThere(thrown)) throw thrown;
      // A message of long ago, repeated: its turn is what it is.
      this.#look(turnId);
    }
  }

  cancelRunning(): void {
    const turnId = this.#book.running?.turn_id;
    if (turnId === undefined) return;
    getExternalWorkflowHandle(turnId)
      .cancel()
      .catch(() => undefined);
  }

  /** A message that was sent to the running turn. */
  takeBack(message_id: string): void {
    const turnId = this.#book.running?.turn_id;
    if (turnId === undefined) return;
    getExternalWorkflowHandle(turnId)
      .signal(cancelMessageSignal, { message_id })
      .catch(() => undefined);
  }

  async #makeConversation(agent: string): Promise<void> {
    try {
      const made = await makeConversation({ agent, session_id: this.#book.sessionId });
      this.#book.keepsTo(made.conversation);
    } catch {
      // The turn meets the same trouble, and says it to who watches.
    }
  }

  /** Asks for the report of a turn that still counts as running. */
  #look(turnId: string): void {
    if (this.#book.running?.turn_id !== turnId) return;
    const scope = new CancellationScope();
    this.#looking = scope;
    scope
      .run(() => turnReport(turnId))
      .then(this.#ended, (thrown: unknown) => {
        if (!scope.consideredCancelled) throw thrown;
      });
  }
}

/** @temporalio/workflow does not hand on the class. */
function isAlreadyThere(thrown: unknown): boolean {
  return thrown instanceof TemporalFailure && thrown.name === 'WorkflowExecutionAlreadyStartedError';
}
