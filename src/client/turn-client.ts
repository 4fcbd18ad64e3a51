/** `TurnClient`: starts turns and finds them again. */
import { randomUUID } from 'node:crypto';
import { Client, Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ClientPlugin } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { JsonValue } from '../events/json.js';
import { checkTurnInput } from '../protocol/check-turn-input.js';
import { AGENT_TURN, TURN_MEMO } from '../protocol/names.js';
import { startedBy } from '../protocol/turn-start.js';
import type { TurnInput } from '../protocol/turn.js';
import { checkOptions, orInvalidInput } from './check-input.js';
import {
  InvalidTurnInputError,
  NoWorkerError,
  TemporalUnreachableError,
  TurnIdConflictError,
} from './errors.js';
import { grpcRetries } from './grpc-retries.js';
import type { SessionFilter, TurnFilter } from './listing/filter.js';
import { listSessions } from './listing/list-sessions.js';
import type { SessionSummary } from './listing/list-sessions.js';
import { listTurns } from './listing/list-turns.js';
import type { TurnSummary } from './listing/list-turns.js';
import type { Listing } from './listing/page.js';
import { wasStartedWith } from './same-input.js';
import { withSearchAttributes } from './search-attributes.js';
import { SessionHandle } from './session-handle.js';
import type { SessionOptions } from './session-handle.js';
import { TurnHandle } from './turn-handle.js';

/** For those who have a Temporal client already. */
export interface TurnClientOptions {
  /** Raise its connection's `grpc.max_receive_message_length` above 4 MiB if your turns are large. */
  readonly client: Client;
  /** The task queue of the workers that know the agents. */
  readonly taskQueue: string;
}

/** What is left out, TEMPORAL_* and Temporal's configuration file say. */
export interface ConnectOptions {
  /** The task queue of the workers that know the agents. */
  readonly taskQueue: string;
  /** Default: TEMPORAL_ADDRESS or the profile's, else localhost:7233. */
  readonly address?: string | undefined;
  /** Default: TEMPORAL_NAMESPACE or the profile's, else `default`. */
  readonly namespace?: string | undefined;
  /** A profile of Temporal's configuration file. Default: TEMPORAL_PROFILE, else `default`. */
  readonly profile?: string | undefined;
  /** Of Temporal's client: for codecs, tracing. */
  readonly plugins?: ClientPlugin[] | undefined;
  /** How long nobody has to answer until it counts as unreachable. Milliseconds, or a text as `3s`. Default 10 s. */
  readonly connectTimeout?: Duration | undefined;
}

/** Of the workflow that the turn is. */
export interface StartOptions {
  /** The workflow id. The same id with the same input is the same turn. Default: `turn-<random>`. */
  readonly turnId?: string | undefined;
  /** Facts of yours that stand beside the turn in Temporal's lists; `turn` and `turn_events` are taken. JSON. */
  readonly memo?: Readonly<Record<string, JsonValue>> | undefined;
}

const START_OPTIONS: Readonly<Record<keyof StartOptions, true>> = { turnId: true, memo: true };

/** History pages of large events pass gRPC's 4 MiB. */
const RECEIVE_BYTES = 128 * 1024 * 1024;

/** Two task queue kinds of temporal.api.enums.v1.TaskQueueType. */
const WORKFLOW_QUEUE = 1;

/** Starts turns and sessions, finds them again, and lists them. Make one per process with `connect`, and `close` it. */
export class TurnClient {
  /** Temporal's own client. */
  readonly client: Client;
  /** Where turns are started. */
  readonly taskQueue: string;
  #connection: Connection | undefined;

  constructor({ client, taskQueue }: TurnClientOptions) {
    this.client = client;
    this.taskQueue = taskQueue;
  }

  /**
   * Connects as TEMPORAL_* and Temporal's configuration file say, unless the options say otherwise.
   * @throws TemporalUnreachableError when nobody answers there within `connectTimeout`
   */
  static async connect(options: ConnectOptions): Promise<TurnClient> {
    const { taskQueue, address, namespace, profile, plugins, connectTimeout } = options;
    const { connectionOptions, namespace: configured } = loadClientConnectConfig(
      profile === undefined ? {} : { profile },
    );
    const connection = await Connection.connect({
      ...connectionOptions,
      ...(address === undefined ? {} : { address }),
      ...(connectTimeout === undefined ? {} : { connectTimeout }),
      channelArgs: { 'grpc.max_receive_message_length': RECEIVE_BYTES },
      interceptors: [grpcRetries],
    }).catch((cause: unknown) => {
      throw new TemporalUnreachableError(address ?? connectionOptions.address ?? 'localhost:7233', cause);
    });
    const chosen = namespace ?? configured;
    const client = new Client({
      connection,
      ...(chosen === undefined ? {} : { namespace: chosen }),
      ...(plugins ? { plugins } : {}),
    });
    const turns = new TurnClient({ client, taskQueue });
    turns.#connection = connection;
    return turns;
  }

  /**
   * Starts a turn, or finds the one of this id that was started with the same input, also after its end.
   * @throws InvalidTurnInputError at once, TurnIdConflictError for an id that has another input
   */
  async start(input: TurnInput, options: StartOptions = {}): Promise<TurnHandle> {
    return (await this.startOrFind(input, options)).turn;
  }

  /** As `start`, and says whether the turn was there already. */
  async startOrFind(
    input: TurnInput,
    options: StartOptions = {},
  ): Promise<{ readonly turn: TurnHandle; readonly found: boolean }> {
    checkOptions('start', options, START_OPTIONS);
    const { turnId = `turn-${randomUUID()}`, memo } = options;
    const checked = orInvalidInput(() => checkTurnInput(input));
    if (turnId === '') throw new InvalidTurnInputError('turnId is empty: leave it out, or name the turn.');
    const { agent, session_id } = startedBy(checked);
    const facts = { agent, ...(session_id === undefined ? {} : { session_id }) };
    try {
      await withSearchAttributes(this.client, facts, (typedSearchAttributes) =>
        this.client.workflow.start(AGENT_TURN, {
          workflowId: turnId,
          taskQueue: this.taskQueue,
          args: [checked],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          // Fails for a running turn too: whether it is the same turn, only its input can tell.
          workflowIdConflictPolicy: 'FAIL',
          memo: { ...memo, [TURN_MEMO]: facts },
          typedSearchAttributes,
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (!(await wasStartedWith(this.client, turnId, checked))) throw new TurnIdConflictError(turnId);
      return { turn: this.getHandle(turnId), found: true };
    }
    return { turn: this.getHandle(turnId), found: false };
  }

  /** Asks nobody: an id that no turn has is noticed at the handle's first use. */
  getHandle(turnId: string): TurnHandle {
    return new TurnHandle(this.client, turnId);
  }

  /**
   * Turns, the running ones first, then those that ended last: `await` for a page, `for await` for all of them. A
   * turn of a session counts like any other. It takes a moment until a new turn is listed, and until its end is.
   * @throws InvalidFilterError
   */
  list(filter: TurnFilter = {}): Listing<TurnSummary> {
    return listTurns(this.client, filter);
  }

  /**
   * Sessions, the open ones first; as `list`.
   * @throws InvalidFilterError
   */
  listSessions(filter: SessionFilter = {}): Listing<SessionSummary> {
    return listSessions(this.client, filter);
  }

  /**
   * Turns that follow each other on one conversation. Asks nobody: the session starts with its first message.
   * @throws InvalidTurnInputError for an id that cannot be one
   */
  session(sessionId: string, options: SessionOptions = {}): SessionHandle {
    return new SessionHandle(this.client, this.taskQueue, sessionId, options);
  }

  /** @throws NoWorkerError when no worker has polled the task queue lately. */
  async checkWorker(): Promise<void> {
    const { pollers } = await this.client.workflowService.describeTaskQueue({
      namespace: this.client.options.namespace,
      taskQueue: { name: this.taskQueue },
      taskQueueType: WORKFLOW_QUEUE,
    });
    if (!pollers?.length) throw new NoWorkerError(this.taskQueue);
  }

  /**
   * Closes the connection that `connect` made; a client that was given stays open. What is still read or called
   * ends with an error.
   */
  async close(): Promise<void> {
    await this.#connection?.close();
  }
}
