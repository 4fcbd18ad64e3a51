/** Messages that join a running turn before its next response, and what the model has not answered yet. */
import { getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { userItems } from '../protocol/input-items.js';
import type { SteerMessage } from '../protocol/session.js';
import { cancelMessageSignal, messagesTakenSignal, steerSignal } from '../protocol/session-definitions.js';
import { messageIdIn, steerIn } from '../protocol/session-signals.js';
import type { CarriedSteering } from '../protocol/turn-carry.js';
import type { ReportTo, TurnInput } from '../protocol/turn.js';

export class Steering {
  readonly #turnId: string;
  readonly #reportTo: ReportTo | undefined;
  #waiting: SteerMessage[];
  readonly #taken: string[];
  #unanswered: readonly ResponseInputItem[];
  #unansweredAfter: readonly string[] | undefined;
  #isOver = false;

  /** `carried`: from earlier runs of the turn, after an answer. */
  constructor(turnId: string, { input, report_to, said_again }: TurnInput, carried?: CarriedSteering) {
    this.#turnId = turnId;
    this.#reportTo = report_to;
    this.#waiting = [...(carried?.waiting ?? [])];
    this.#taken = [...(carried?.taken ?? [])];
    this.#unanswered = carried ? [] : userItems(input);
    this.#unansweredAfter = carried ? undefined : said_again?.newest_items;
    setHandler(steerSignal, (said) => {
      const message = steerIn(said);
      if (message && !this.#isOver) this.#waiting.push(message);
    });
    setHandler(cancelMessageSignal, (said) => {
      const cancelled = messageIdIn(said);
      this.#waiting = this.#waiting.filter(({ message_id }) => message_id !== cancelled);
    });
  }

  /** What another run needs to know after an answer. */
  get carried(): CarriedSteering {
    return { waiting: this.#waiting, taken: this.#taken };
  }

  /** Ids of the messages that joined. */
  get taken(): readonly string[] {
    return this.#taken;
  }

  /** What the user said in the request that is not answered yet. */
  get unanswered(): readonly ResponseInputItem[] {
    return this.#unanswered;
  }

  /** The newest items of the conversation before that was said, where the server may have taken it. */
  get unansweredAfter(): readonly string[] | undefined {
    return this.#unansweredAfter;
  }

  /** The request ended without an answer that the turn heard. */
  unheard(newestItems: readonly string[] | undefined): void {
    // What was said again is older than the request.
    this.#unansweredAfter ??= newestItems;
  }

  /** The messages that join the next request; who sent them is told. */
  take(): readonly ResponseInputItem[] {
    const joining = this.#waiting.filter(({ message_id }) => !this.#taken.includes(message_id));
    this.#waiting = [];
    this.#unanswered = joining.flatMap(({ input }) => userItems(input));
    if (joining.length === 0) return [];
    const message_ids = joining.map(({ message_id }) => message_id);
    this.#taken.push(...message_ids);
    if (this.#reportTo) {
      // The report at the end says it again.
      getExternalWorkflowHandle(this.#reportTo.workflow_id)
        .signal(messagesTakenSignal, { turn_id: this.#turnId, message_ids })
        .catch(() => undefined);
    }
    return this.#unanswered;
  }

  answered(): void {
    this.#unanswered = [];
    this.#unansweredAfter = undefined;
  }

  /** Who still comes is too late: the session runs their messages as turns of their own. */
  end(): void {
    this.#isOver = true;
  }
}
