/**
 * The activity `infer`: asks the model once, tells what comes as it comes, and gives the workflow what the
 * response asks for. One attempt sends at most one request.
 */
import { ApplicationFailure } from '@temporalio/activity';
import type { Agent } from '../agents/define-agent.js';
import { inferenceStepPrefix } from '../events/step-id.js';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import type { ActivityDeps } from './activity-deps.js';
import { adoptedEnd } from './adopt.js';
import { Answer, ANSWER_BYTES } from './answer.js';
import { Attempt } from './attempt.js';
import { giveUp, inferenceCancelled, modelFailureOf, ResponseEnded, triesOf } from './give-up.js';
import type { LostAttempt } from './give-up.js';
import { inferResult } from './infer-result.js';
import type { ModelClient } from './model-client.js';
import { lookBack } from './look-back.js';
import { openStream } from './open-stream.js';
import { requestBody } from './request.js';
import { DEFAULT_MAXIMUM_ATTEMPTS } from './retry-delay.js';
import { requestState } from './request-state.js';
import type { KnownState } from './request-state.js';
import type { InferenceSpan } from './telemetry.js';
import { tracedRequest } from './trace.js';
import { agentOf, publishingOf } from './turn-agent.js';
import { wasCancelled } from './was-cancelled.js';
import { watch } from './watchdog.js';

/** Temporal keeps at most 2 MB of a result, and takes a greater one for a failure that is worth a retry. */
const RESULT_BYTES = 1.5 * 1024 * 1024;

/** Everything that belongs to one attempt. */
interface Inference extends LostAttempt {
  readonly deps: ActivityDeps;
  readonly agent: Agent;
  readonly input: InferInput;
}

export function createInfer(deps: ActivityDeps): (input: InferInput) => Promise<InferResult> {
  return async (input) => {
    const agent = agentOf(deps.registry, input);
    const attempt = new Attempt({
      publishing: publishingOf(agent, input.publishing),
      siblings: 1,
      continues: false,
      stopping: deps.stopping(),
      telemetry: deps.telemetry,
    });
    try {
      const inference = prepare(deps, agent, input, attempt);
      return await inferOnce(inference).catch(async (thrown: unknown) => {
        throw await giveUp(inference, thrown);
      });
    } finally {
      attempt.close();
    }
  };
}

async function inferOnce(inference: Inference): Promise<InferResult> {
  await refuseToAsk(inference);
  return answered(inference);
}

function prepare(deps: ActivityDeps, agent: Agent, input: InferInput, attempt: Attempt): Inference {
  const model = input.overrides?.model ?? agent.model;
  const stepPrefix = inferenceStepPrefix(input.response, attempt.epoch);
  const answer = new Answer(
    {
      stepPrefix,
      attempt: attempt.number,
      model,
      ...(input.response === 1 ? { agentHash: agent.hash } : {}),
      clientTools: agent.tools.map(({ name, toolType }) => ({ type: toolType, name })),
    },
    (event) => attempt.tell(event),
  );
  const bound = agent.inference?.maximumAttempts ?? DEFAULT_MAXIMUM_ATTEMPTS;
  return { deps, agent, input, attempt, answer, model, stepPrefix, bound };
}

/** An attempt whose predecessors said nothing looks first whether it may ask at all. */
async function refuseToAsk({ attempt, bound }: Inference): Promise<void> {
  if (attempt.number === 1) return;
  if (triesOf(attempt) > bound) {
    const message = `The ${bound} attempts for this response ended without a word, the last of them with its worker`;
    throw fail('ModelUnavailable', { message, code: 'attempts_lost', attempt: attempt.number });
  }
  // A worker that died with a cancel on its way must not make this one ask again.
  if (await wasCancelled(attempt.context)) throw inferenceCancelled();
}

async function answered(inference: Inference): Promise<InferResult> {
  const { deps, agent, input, attempt } = inference;
  const client = agent.openai ?? deps.openai();
  const state = await requestState(client, agent, input, attempt);
  const before = await lookBack(client, agent, input, state, attempt.signal);
  const adopted = adoptedEnd(before, attempt, inference.model, input.input);
  const ended =
    (adopted && inference.answer.take(adopted)) ??
    (await asked(inference, client, { ...state, ahead: before.ahead }));
  const told = await describe(inference, ended, state);
  const result = { ...told, ...(await attempt.publisher.handOver()) };
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > RESULT_BYTES) {
    const message = `The answer, with its calls and what was not published of it, is ${bytes} bytes of JSON`;
    throw fail('TurnTooLarge', { message, attempt: attempt.number });
  }
  return result;
}

/** The answer is there: what goes wrong from here on is nothing that asking again could mend. */
async function describe(
  { agent, input, answer, attempt }: Inference,
  ended: ResponseOutcome,
  state: KnownState,
) {
  const turnId = attempt.context.info.workflowExecution?.workflowId ?? '';
  const conversation = state.madeConversation;
  try {
    return await inferResult(agent, input, ended, answer, { conversation, turnId });
  } catch (thrown) {
    if (thrown instanceof ApplicationFailure) throw thrown;
    throw fail('InvalidAgent', {
      message: `needsApproval or a schema of agent ${agent.name} threw: ${String(thrown)}`,
    });
  }
}

function asked(inference: Inference, client: ModelClient, state: KnownState): Promise<ResponseOutcome> {
  const { deps, agent, input, attempt } = inference;
  const body = requestBody(agent, input, state);
  const traced = tracedRequest(client, agent, input, attempt, body);
  return deps.telemetry.inference(traced, (span) => ask(inference, client, body, span));
}

/** @throws ResponseEnded when the response ended, but not well; what the client throws; the reason of a stop. */
async function ask(
  inference: Inference,
  client: ModelClient,
  body: ReturnType<typeof requestBody>,
  span: InferenceSpan,
): Promise<ResponseOutcome> {
  try {
    const ended = await stream(inference, client, body, span);
    if (ended.status !== 'completed' && ended.status !== 'incomplete') {
      throw new ResponseEnded(ended, inference.attempt.number);
    }
    span.answered(ended);
    return ended;
  } catch (thrown) {
    span.failed(inference.attempt.stopReason?.kind ?? modelFailureOf(inference, thrown).type);
    throw thrown;
  }
}

/** Sends the request and reads the stream to its end. */
async function stream(
  { agent, attempt, answer }: Inference,
  client: ModelClient,
  body: ReturnType<typeof requestBody>,
  span: InferenceSpan,
): Promise<ResponseOutcome> {
  const watchdog = watch(attempt, agent.inference);
  try {
    const events = await openStream(client, body, attempt);
    for await (const event of events) {
      watchdog.ping();
      span.heard();
      if (answer.take(event)) watchdog.linger(events.controller);
      else if (answer.size > ANSWER_BYTES) attempt.stop({ kind: 'too_large', message: TOO_LARGE });
    }
    // The SDK ends the loop in silence when the signal is aborted.
    if (!answer.outcome) attempt.signal.throwIfAborted();
    return answer.end();
  } finally {
    watchdog.stop();
  }
}

const TOO_LARGE = `The answer passed ${ANSWER_BYTES} bytes while it streamed`;
