/**
 * The activity `infer`: asks the model once, tells what comes as it comes, and decides what a failure means.
 * One attempt sends at most one request.
 */
import { CancelledFailure } from '@temporalio/activity';
import type { Agent } from '../agents/define-agent.js';
import { inferenceStepId, inferenceStepPrefix } from '../events/step-id.js';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { fail, failureOf, turnError } from '../protocol/failures.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import type { ActivityDeps } from './activity-deps.js';
import { Answer, ANSWER_BYTES } from './answer.js';
import { Attempt } from './attempt.js';
import { inferResult } from './infer-result.js';
import { interrupted, saidFailure, thrownFailure } from './model-errors.js';
import type { ModelFailure } from './model-errors.js';
import type { ModelClient } from './model-client.js';
import { openStream } from './open-stream.js';
import { requestBody } from './request.js';
import { backoff, DEFAULT_MAXIMUM_ATTEMPTS, retryDelay } from './retry-delay.js';
import { requestState } from './request-state.js';
import type { InferenceSpan } from './telemetry.js';
import { tracedRequest } from './trace.js';
import { wasCancelled } from './was-cancelled.js';

const DEFAULT_IDLE_MS = 10 * 60_000;
const DEFAULT_TIMEOUT_MS = 60 * 60_000;
/** How long a server may take to close a stream whose response has ended. */
const LINGER_MS = 200;

type RequestBody = ReturnType<typeof requestBody>;

export function createInfer(deps: ActivityDeps): (input: InferInput) => Promise<InferResult> {
  return async (input) => {
    const agent = deps.registry.agents.get(input.agent);
    if (!agent) throw unknownAgent(input.agent, [...deps.registry.agents.keys()]);
    checkAgentHash(agent, input);
    const attempt = new Attempt({
      publishing: publishingOf(agent, input),
      siblings: 1,
      continues: false,
      stopping: deps.stopping(),
      telemetry: deps.telemetry,
    });
    try {
      return await new Inference(deps, agent, input, attempt).run();
    } finally {
      attempt.close();
    }
  };
}

class Inference {
  readonly #deps: ActivityDeps;
  readonly #agent: Agent;
  readonly #input: InferInput;
  readonly #attempt: Attempt;
  readonly #answer: Answer;
  readonly #prefix: string;

  constructor(deps: ActivityDeps, agent: Agent, input: InferInput, attempt: Attempt) {
    this.#deps = deps;
    this.#agent = agent;
    this.#input = input;
    this.#attempt = attempt;
    this.#prefix = inferenceStepPrefix(input.response, attempt.epoch);
    this.#answer = new Answer(
      {
        stepPrefix: this.#prefix,
        attempt: attempt.number,
        model: this.#model,
        ...(input.response === 1 ? { agentHash: agent.hash } : {}),
        clientTools: agent.tools.map(({ name }) => ({ type: 'function', name })),
      },
      (event) => attempt.tell(event),
    );
  }

  async run(): Promise<InferResult> {
    const tries = this.#attempt.number - this.#attempt.handOvers;
    if (tries > this.#bound) {
      const message = `The ${this.#bound} attempts for this response ended without a word, the last of them with its worker`;
      throw fail('ModelUnavailable', { message, code: 'attempts_lost', attempt: this.#attempt.number });
    }
    // A worker that died with a cancel on its way must not make this one ask again.
    if (this.#attempt.number > 1 && (await wasCancelled(this.#attempt.context))) throw cancelled();
    try {
      return await this.#result();
    } catch (thrown) {
      throw await this.#giveUp(thrown);
    }
  }

  async #result(): Promise<InferResult> {
    const client = this.#agent.openai ?? this.#deps.openai();
    const state = await requestState(client, this.#agent, this.#input, this.#attempt);
    const body = requestBody(this.#agent, this.#input, state);
    const traced = tracedRequest(client, this.#agent, this.#input, this.#attempt, body);
    const ended = await this.#deps.telemetry.inference(traced, (span) => this.#answered(client, body, span));
    const result = await inferResult(this.#agent, this.#input, ended, this.#answer, state.madeConversation);
    return { ...result, ...(await this.#attempt.publisher.handOver()) };
  }

  /** @throws ResponseEnded when the response ended, but not well */
  async #answered(client: ModelClient, body: RequestBody, span: InferenceSpan): Promise<ResponseOutcome> {
    try {
      const ended = await this.#ask(client, body, span);
      if (ended.status !== 'completed' && ended.status !== 'incomplete') {
        throw new ResponseEnded(failureOfOutcome(ended, this.#attempt.number));
      }
      span.answered(ended);
      return ended;
    } catch (thrown) {
      span.failed(this.#attempt.stopReason?.kind ?? this.#failureOf(thrown).type);
      throw thrown;
    }
  }

  /** Sends the request and reads the stream to its end. */
  async #ask(client: ModelClient, body: RequestBody, span: InferenceSpan): Promise<ResponseOutcome> {
    const watchdog = this.#watch();
    try {
      const stream = await openStream(client, body, this.#attempt);
      for await (const event of stream) {
        watchdog.ping();
        span.heard();
        if (this.#answer.take(event)) watchdog.linger(stream.controller);
        else this.#refuseTooLarge();
      }
      // The SDK ends the loop in silence when the signal is aborted.
      if (!this.#answer.outcome) this.#attempt.signal.throwIfAborted();
      return this.#answer.end();
    } finally {
      watchdog.stop();
    }
  }

  #refuseTooLarge(): void {
    const { size } = this.#answer;
    if (size <= ANSWER_BYTES) return;
    this.#attempt.stop({
      kind: 'too_large',
      message: `The answer passed ${ANSWER_BYTES} bytes while it streamed`,
    });
  }

  /** A stream that falls silent is given up, and so is an attempt that takes too long. */
  #watch(): Watchdog {
    const { idleTimeout = DEFAULT_IDLE_MS, timeout = DEFAULT_TIMEOUT_MS } = this.#agent.inference ?? {};
    const giveUp = (message: string) => () => this.#attempt.stop({ kind: 'silent', message });
    const whole = setTimeout(giveUp(`The response took longer than ${timeout} ms`), timeout);
    const idle = setTimeout(giveUp(`The stream said nothing for ${idleTimeout} ms`), idleTimeout);
    let lingering: NodeJS.Timeout | undefined;
    return {
      ping: () => idle.refresh(),
      // Reading on to the end of the stream keeps the connection for the next request.
      linger: (stream) => (lingering = setTimeout(() => stream.abort(), LINGER_MS)),
      stop: () => [whole, idle, lingering].forEach((timer) => clearTimeout(timer)),
    };
  }

  /** Why the attempt ended early: what stopped it, or else what was thrown. */
  async #giveUp(thrown: unknown): Promise<Error> {
    const { publisher, stopReason, number } = this.#attempt;
    const facts = { attempt: number, response_id: this.#answer.outcome?.response_id };
    switch (stopReason?.kind) {
      case 'cancelled':
        await publisher.flush();
        return cancelled();
      case 'stale':
        return cancelled();
      case 'hand_over': {
        const error = turnError('HandOver', { message: 'The worker is shutting down', attempt: number });
        return this.#again({ type: 'HandOver', error, retryAfter: 50 });
      }
      case 'silent':
        return this.#fails(interrupted(stopReason.message, facts));
      case 'too_large': {
        const error = turnError('TurnTooLarge', { message: stopReason.message, attempt: number });
        return this.#forGood({ type: 'TurnTooLarge', error });
      }
      case undefined:
        if (isOurFailure(thrown)) {
          await publisher.flush();
          return thrown;
        }
        return this.#fails(this.#failureOf(thrown));
    }
  }

  #failureOf(thrown: unknown): ModelFailure {
    if (thrown instanceof ResponseEnded) return thrown.failure;
    const { number } = this.#attempt;
    return thrownFailure(thrown, { attempt: number, response_id: this.#answer.outcome?.response_id });
  }

  async #fails(failure: ModelFailure): Promise<Error> {
    const tries = this.#attempt.number - this.#attempt.handOvers;
    return failure.error.retryable && tries < this.#bound ? this.#again(failure) : this.#forGood(failure);
  }

  /** The model will be asked again: what was told is void, and watchers hear why and when. */
  async #again({ type, error, retryAfter }: ModelFailure): Promise<Error> {
    const { epoch, number, publisher } = this.#attempt;
    const nextRetryDelay = retryDelay(retryAfter);
    const due = Date.now() + (nextRetryDelay ?? backoff(number));
    const { code, message } = error;
    this.#answer.supersede({ code, message }, new Date(due).toISOString(), () => ({
      type: 'step_started',
      step_id: inferenceStepId(inferenceStepPrefix(this.#input.response, epoch), 0),
      step_type: 'inference',
      metadata: { model: this.#model, attempt: number },
    }));
    await publisher.flush();
    return failureOf(type, error, {
      retry: true,
      ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
    });
  }

  /** Its open steps are ended by the workflow and the readers, by one rule. */
  async #forGood({ type, error }: ModelFailure): Promise<Error> {
    await this.#attempt.publisher.flush();
    return failureOf(type, error, { retry: false });
  }

  get #model(): string {
    return this.#input.overrides?.model ?? this.#agent.model;
  }

  get #bound(): number {
    return this.#agent.inference?.maximumAttempts ?? DEFAULT_MAXIMUM_ATTEMPTS;
  }
}

interface Watchdog {
  readonly ping: () => void;
  readonly linger: (stream: AbortController) => void;
  readonly stop: () => void;
}

/** The response ended, but not well. */
class ResponseEnded extends Error {
  readonly failure: ModelFailure;

  constructor(failure: ModelFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

function failureOfOutcome(ended: ResponseOutcome, attempt: number): ModelFailure {
  const facts = { attempt, response_id: ended.response_id };
  if (ended.status === 'failed' && ended.error) return saidFailure(ended.error, facts);
  const heard = ended.response_id === undefined && ended.final_text === '';
  return interrupted(
    heard
      ? 'The server answered without a single response event: is the base URL that of a Responses server?'
      : 'The stream ended before the response did',
    facts,
  );
}

function publishingOf({ publishing = {} }: Agent, input: InferInput) {
  const { mode, min_interval_ms, max_interval_ms } = input.publishing ?? {};
  return {
    mode: mode ?? publishing.mode ?? 'live',
    minInterval: min_interval_ms ?? publishing.minInterval,
    maxInterval: max_interval_ms ?? publishing.maxInterval,
  } as const;
}

function checkAgentHash(agent: Agent, { agent_hash }: InferInput): void {
  if (agent_hash === undefined || agent_hash === agent.hash || agent.onAgentChange !== 'fail') return;
  throw fail('AgentChanged', {
    message: `The turn began with agent ${agent.name} ${agent_hash}, this worker has ${agent.hash}`,
  });
}

function unknownAgent(name: string, known: readonly string[]): Error {
  return fail('UnknownAgent', {
    message: `No agent is named ${JSON.stringify(name)} here; known: ${known.join(', ') || 'none'}`,
  });
}

function cancelled(): Error {
  return new CancelledFailure('The inference was cancelled');
}

/** Thrown by our own code, with its verdict. */
function isOurFailure(thrown: unknown): thrown is Error {
  return (
    thrown instanceof Error && (thrown.name === 'ApplicationFailure' || thrown.name === 'CancelledFailure')
  );
}
