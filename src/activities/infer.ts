/**
 * The activity `infer`: asks the model once, tells what comes as it comes, and gives the workflow what the
 * response asks for. One attempt sends at most one request; one that finds a response of an earlier attempt
 * running in the background sends none.
 */
import { ApplicationFailure } from '@temporalio/activity';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import type { ActivityDeps } from './activity-deps.js';
import { adoptedEnd, doubles, keepNewest, leftovers } from './adopt.js';
import { answerApart, mustGoApart } from './answer-apart.js';
import { Attempt } from './attempt.js';
import { newestItems, removeItems } from './conversation-items.js';
import { giveUp, inferenceCancelled, triesOf } from './give-up.js';
import { isRefusal, statusOf } from './http-status.js';
import { inferResult } from './infer-result.js';
import { Inference } from './inference.js';
import { lookBack } from './look-back.js';
import type { LookBack } from './look-back.js';
import { ask, follow } from './read-response.js';
import { requestBody } from './request.js';
import { requestState } from './request-state.js';
import type { KnownState } from './request-state.js';
import { withoutSaid } from './said-again.js';
import { ResponseGone } from './stored-response.js';
import { toldBefore } from './told-response.js';
import { agentOf, publishingOf } from './turn-agent.js';

/** Temporal keeps at most 2 MB of a result, and takes a greater one for a failure that is worth a retry. */
const RESULT_BYTES = 1.5 * 1024 * 1024;
/** How long an answer that is there may wait for what is put in order behind it, in ms. */
const CLEAN_UP_MS = 5000;

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
      const inference = new Inference(deps, agent, input, attempt);
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

/** An attempt that comes late, or after others that said nothing, looks first whether it may ask at all. */
async function refuseToAsk(inference: Inference): Promise<void> {
  const { attempt, bound } = inference;
  if (attempt.isFirst && !attempt.isLate) return;
  // A worker that died with a cancel on its way must not make this one ask again.
  const standing = await attempt.takePlace();
  inference.begin();
  // A worker that slept takes the tasks that it was given meanwhile.
  if (standing === 'stale') attempt.stop({ kind: 'stale' });
  attempt.signal.throwIfAborted();
  const cancelled = standing === 'cancelled';
  if (!cancelled && triesOf(attempt) <= bound) return;
  if (cancelled) throw inferenceCancelled(attempt.kept);
  const message = `The ${bound} attempts for this response ended without a word, the last of them with its worker`;
  throw fail('ModelUnavailable', { message, code: 'attempts_lost', attempt: attempt.number });
}

async function answered(inference: Inference): Promise<InferResult> {
  const { agent, input, attempt, client } = inference;
  const state = await requestState(client, agent, input, attempt);
  const ended =
    (await resumed(inference, requestBody(agent, input, state), state)) ??
    (await adoptedOrAsked(inference, state));
  const told = await describe(inference, ended, state);
  const result = { ...told, ...(await attempt.publisher.handOver()) };
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > RESULT_BYTES) {
    const message = `The answer, with its calls and what was not published of it, is ${bytes} bytes of JSON`;
    throw fail('TurnTooLarge', { message, attempt: attempt.number });
  }
  return result;
}

/** The response that an earlier attempt left running in the background; undefined where the model is to be asked. */
async function resumed(
  inference: Inference,
  body: ReturnType<typeof requestBody>,
  { freshConversation }: KnownState,
): Promise<ResponseOutcome | undefined> {
  const { agent, attempt } = inference;
  if (!agent.background || attempt.isFirst || !(await attempt.claim())) return undefined;
  const told = await attempt.unlessStopped(toldBefore(attempt.context, attempt.epoch));
  inference.takeUp(told);
  if (told.size === 0) return undefined;
  if (told.responseId === undefined || freshConversation) {
    inference.startAnew('attempt_lost', 'The attempt fell silent, so its work is done again.');
    return undefined;
  }
  try {
    return await follow(inference, body, told.responseId);
  } catch (thrown) {
    if (!(thrown instanceof ResponseGone)) throw thrown;
    inference.startAnew('response_gone', `${thrown.message}, so the model is asked again.`);
    return undefined;
  }
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

/** The answer that an earlier attempt got into the conversation without hearing its end, or a new one. */
async function adoptedOrAsked(inference: Inference, state: KnownState): Promise<ResponseOutcome> {
  const { agent, attempt, client } = inference;
  let { input } = inference;
  let from: KnownState = state;
  let before = await lookBack(client, agent, input, from, attempt.signal);
  // First of all: calls of an answer that is there are this turn's to run, and not forgotten ones.
  const there = adopted(inference, before);
  if (there) {
    await removeDoubles(inference, from, before.items);
    return there;
  }
  const left = leftovers(before, attempt, input.input);
  if (left.length > 0 && from.conversation !== undefined) {
    await removeItems(client, from.conversation, left, attempt.signal);
    before = await lookBack(client, agent, input, from, attempt.signal);
  }
  input = withoutSaid(input, before.items);
  const apart = mustGoApart(before, agent, client, input, from);
  if (apart && apart.outputs.length > 0) {
    const id = await answerApart(client, agent, input, from, apart.outputs, attempt);
    if (from.previous_response_id !== undefined) from = { ...from, previous_response_id: id };
    before = await lookBack(client, agent, input, from, attempt.signal);
  }
  if (apart) input = { ...input, input: apart.input };
  await keepNewest(before, attempt);
  try {
    const ended = await ask(inference, requestBody(agent, input, { ...from, ahead: before.ahead }));
    await removeDoubles(inference, from);
    return ended;
  } catch (thrown) {
    const late = isRefusal(statusOf(thrown)) && (await cameMeanwhile(inference, from));
    if (late) return late;
    throw thrown;
  }
}

/** The answer is there, and nothing that goes wrong here may cost it. `seen`: what was just listed, if it was. */
async function removeDoubles(
  { attempt, answer, client, input }: Inference,
  { conversation }: KnownState,
  seen?: LookBack['items'],
): Promise<void> {
  if (attempt.isFirst || conversation === undefined || attempt.kept.newest_items === undefined) return;
  const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(CLEAN_UP_MS)]);
  try {
    const items = seen ?? (await newestItems(client, conversation, signal));
    const ids = doubles({ items, ahead: [] }, attempt, input.input, answer.outputItems);
    await removeItems(client, conversation, ids, signal);
  } catch {
    // They stay.
  }
}

/**
 * The answer of an earlier attempt that was not dead but asleep, and came after this one had looked: its calls were
 * answered then, so a request that answers them again is refused.
 */
async function cameMeanwhile(inference: Inference, state: KnownState): Promise<ResponseOutcome | undefined> {
  const { agent, attempt, client, input } = inference;
  if (attempt.isFirst || attempt.signal.aborted) return undefined;
  return adopted(inference, await lookBack(client, agent, input, state, attempt.signal));
}

function adopted({ attempt, answer, model, input }: Inference, there: LookBack): ResponseOutcome | undefined {
  const end = adoptedEnd(there, attempt, model, input.input);
  return end && answer.take(end);
}
