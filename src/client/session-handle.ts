/** A session, from any process: say something, follow its turns, ask how it stands, close it. */
import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { JsonValue } from '../events/json.js';
import { checkSessionId, checkSessionMessage } from '../protocol/check-session-message.js';
import { AGENT_SESSION, SESSION_MEMO } from '../protocol/names.js';
import { turnIdOf } from '../protocol/session.js';
import type { MessageInput, SessionProgress, SessionTurn, WhileBusy } from '../protocol/session.js';
import { closeSignal, messageSignal } from '../protocol/session-definitions.js';
import { checkOptions, orInvalidInput } from './check-input.js';
import { InvalidTurnInputError, SessionClosedError, TurnNotFoundError } from './errors.js';
import { isNotFound } from './grpc-errors.js';
import { fateOf } from './message-fate.js';
import type { EventsOptions } from './reader.js';
import { withSearchAttributes } from './search-attributes.js';
import { bookOf, newestRun } from './session-news.js';
import { readSessionEvents } from './session-reader.js';
import type { SessionEventWithId } from './session-reader.js';
import { TurnHandle } from './turn-handle.js';

/** What holds for all messages of a handle. */
export interface SessionOptions {
  /** The agent that answers messages which name none. */
  readonly agent?: string | undefined;
}

/** How one message is taken. */
export interface SendOptions {
  /** The same id is the same message, and does nothing the second time. Default: random. */
  readonly messageId?: string | undefined;
  /** What happens while a turn runs. Default `queue`. */
  readonly whileBusy?: WhileBusy | undefined;
  /** As of `StartOptions`, for the message's own turn. */
  readonly memo?: Readonly<Record<string, JsonValue>> | undefined;
}

const SEND_OPTIONS: Readonly<Record<keyof SendOptions, true>> = {
  messageId: true,
  whileBusy: true,
  memo: true,
};

/** Turns that follow each other on one conversation: `turns.session(id)` gives it. */
export class SessionHandle {
  /** The workflow's id. */
  readonly sessionId: string;
  readonly #client: Client;
  readonly #taskQueue: string;
  readonly #agent: string | undefined;

  /** @throws InvalidTurnInputError for an id that cannot be one */
  constructor(client: Client, taskQueue: string, sessionId: string, { agent }: SessionOptions = {}) {
    orInvalidInput(() => checkSessionId(sessionId));
    this.#client = client;
    this.#taskQueue = taskQueue;
    this.sessionId = sessionId;
    this.#agent = agent;
  }

  /**
   * Says something; the first message starts the session. The handle is there at once: it waits for the turn
   * that answers, be it one of its own or the one that the message joined.
   * @throws InvalidTurnInputError, SessionClosedError
   */
  async send(
    message: string | MessageInput | Omit<MessageInput, 'agent'>,
    options: SendOptions = {},
  ): Promise<TurnHandle> {
    checkOptions('send', options, SEND_OPTIONS);
    const { messageId = randomUUID(), whileBusy, memo } = options;
    const given = typeof message === 'string' ? { input: message } : message;
    const { agent = this.#agent, ...rest } = { agent: undefined, ...given };
    if (agent === undefined) {
      throw new InvalidTurnInputError(
        'Say which agent is to answer: send({ agent, input }), or session(id, { agent })',
      );
    }
    const checked = orInvalidInput(() =>
      checkSessionMessage({
        ...rest,
        agent,
        message_id: messageId,
        ...(whileBusy === undefined ? {} : { while_busy: whileBusy }),
        ...(memo === undefined ? {} : { memo }),
      }),
    );
    const turnId = turnIdOf(this.sessionId, messageId);
    try {
      await withSearchAttributes(this.#client, { agent }, (typedSearchAttributes) =>
        this.#client.workflow.signalWithStart(AGENT_SESSION, {
          workflowId: this.sessionId,
          taskQueue: this.#taskQueue,
          args: [],
          signal: messageSignal,
          signalArgs: [checked],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          memo: { [SESSION_MEMO]: { agent } },
          typedSearchAttributes,
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      // A message that was taken before the close was taken.
      await fateOf(this.#client, turnId, { wait: false }).catch((unknown: unknown) => {
        throw unknown instanceof TurnNotFoundError ? new SessionClosedError(this.sessionId) : unknown;
      });
    }
    return new TurnHandle(this.#client, turnId);
  }

  /** The last 1,000 messages and all that wait, in order of acceptance. @throws SessionNotFoundError */
  async turns(): Promise<readonly SessionTurn[]> {
    return (await bookOf(this.#client, this.sessionId)).turns();
  }

  /** How the session stands; needs no worker, and works after the close. @throws SessionNotFoundError */
  async progress(): Promise<SessionProgress> {
    return (await bookOf(this.#client, this.sessionId)).progress();
  }

  /**
   * Every event of the session, from its start or behind a cursor, live until it is closed, or with
   * `follow: false` to the newest one: those of its turns, one turn after another, and what becomes of its messages.
   * What is past its retention is left out.
   * @throws SessionNotFoundError, InvalidCursorError
   */
  events(options: EventsOptions = {}): AsyncGenerator<SessionEventWithId> {
    return readSessionEvents(this.#client, this.sessionId, options);
  }

  /**
   * Cancels the turn that runs and the messages that wait, and takes no more. A session that is closed stays so.
   * @throws SessionNotFoundError
   */
  async close(): Promise<void> {
    try {
      await this.#client.workflow.getHandle(this.sessionId).signal(closeSignal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await newestRun(this.#client, this.sessionId);
    }
  }
}
