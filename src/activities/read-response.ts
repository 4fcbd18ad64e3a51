/** Reads one response into the answer: a new one, or one that an earlier attempt left running in the background. */
import type { ModelStream } from '../agents/model-client.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import { ANSWER_BYTES } from './answer.js';
import type { Answer } from './answer.js';
import { failureOfOutcome, modelFailureOf, ResponseEnded } from './give-up.js';
import type { Inference } from './inference.js';
import { keepContact } from './contact.js';
import type { ModelClient } from './model-client.js';
import { openStream } from './open-stream.js';
import type { requestBody } from './request.js';
import { capabilitiesFor } from './request-state.js';
import { polledEnd, ResponseGone, storedStream } from './stored-response.js';
import type { InferenceSpan } from './telemetry.js';
import { tracedRequest } from './trace.js';
import { watch } from './watchdog.js';
import type { Watchdog } from './watchdog.js';

type Body = ReturnType<typeof requestBody>;

/** What a reading needs beside the inference itself. */
interface Reading {
  readonly client: ModelClient;
  readonly body: Body;
  readonly span: InferenceSpan;
  readonly watchdog: Watchdog;
}

/**
 * Sends the request and reads the answer to its end.
 * @throws ResponseEnded when the response ended, but not well; what the client throws; the reason of a stop.
 */
export function ask(inference: Inference, body: Body): Promise<ResponseOutcome> {
  return traced(inference, body, async (reading) => {
    const { agent, attempt } = inference;
    // Asked for and not yet named, the response would run on where nobody finds it.
    if (agent.background) attempt.holdStops();
    try {
      return await askNow(inference, reading);
    } finally {
      attempt.releaseStops();
    }
  });
}

async function askNow(inference: Inference, reading: Reading): Promise<ResponseOutcome> {
  const { client, body } = reading;
  const { agent, attempt, answer } = inference;
  if (!agent.background || capabilitiesFor(agent, client).streamResume)
    return readStream(inference, reading, await openStream(client, body, attempt));
  const options = { signal: attempt.signal, maxRetries: 0 };
  const response = await client.responses.create({ ...body, stream: false }, options);
  answer.take({ type: 'response.created', response });
  await announce(inference, client);
  return readStored(inference, reading, answer.responseId ?? '');
}

/**
 * Goes on with a response that was asked for before.
 * @throws ResponseGone, beside what `ask` throws.
 */
export function follow(inference: Inference, body: Body, id: string): Promise<ResponseOutcome> {
  return traced(inference, body, (reading) => {
    inference.running = { client: reading.client, id };
    inference.answer.take({ type: 'response.created', response: { id } });
    return readStored(inference, reading, id);
  });
}

function traced(
  inference: Inference,
  body: Body,
  read: (reading: Reading) => Promise<ResponseOutcome>,
): Promise<ResponseOutcome> {
  const { deps, agent, input, attempt, client } = inference;
  return deps.telemetry.inference(tracedRequest(client, agent, input, attempt, body), async (span) => {
    const watchdog = watch(attempt, agent.inference);
    const leaveContact = body.conversation ? keepContact(attempt) : () => undefined;
    try {
      const ended = await read({ client, body, span, watchdog });
      if (ended.status !== 'completed' && ended.status !== 'incomplete')
        throw new ResponseEnded(failureOfOutcome(ended, attempt.number));
      span.answered(ended);
      return ended;
    } catch (thrown) {
      span.failed(attempt.stopReason?.kind ?? modelFailureOf(inference, thrown).type);
      throw thrown;
    } finally {
      leaveContact();
      watchdog.stop();
    }
  });
}

async function readStored(inference: Inference, reading: Reading, id: string): Promise<ResponseOutcome> {
  const { agent, attempt, answer } = inference;
  const { client, body, span, watchdog } = reading;
  const include = body.include ?? undefined;
  const stored = { client, id, include, signal: attempt.signal };
  const stream = capabilitiesFor(agent, client).streamResume ? await storedStream(stored) : undefined;
  if (stream) return readStream(inference, reading, stream);
  const end = await polledEnd(stored, () => watchdog.ping());
  if (!end) throw new ResponseGone(`The server knows no response ${id} any more`);
  span.heard();
  if (answer.take(end)) inference.running = undefined;
  return answer.end();
}

async function readStream(
  inference: Inference,
  { client, span, watchdog }: Reading,
  events: ModelStream,
): Promise<ResponseOutcome> {
  const { attempt, answer } = inference;
  for await (const event of untilEnded(events, answer)) {
    watchdog.ping();
    span.heard();
    if (answer.take(event)) {
      inference.running = undefined;
      watchdog.linger(events.controller);
    } else if (answer.size > ANSWER_BYTES) attempt.stop({ kind: 'too_large', message: TOO_LARGE });
    else await announce(inference, client);
  }
  // The SDK ends the loop in silence when the signal is aborted.
  if (!answer.outcome) attempt.signal.throwIfAborted();
  return answer.end();
}

/** How the connection ends behind the end of the response is nobody's business: the answer is there, and paid. */
async function* untilEnded(events: ModelStream, answer: Answer): AsyncGenerator {
  try {
    yield* events;
  } catch (thrown) {
    if (!answer.outcome) throw thrown;
  }
}

/**
 * The id of a background response is in the history before anything else of it is told: from here on another
 * attempt finds it there, and need not ask again.
 */
async function announce(inference: Inference, client: ModelClient): Promise<void> {
  const { agent, answer, attempt, running } = inference;
  if (!agent.background || running || answer.responseId === undefined) return;
  inference.running = { client, id: answer.responseId };
  await attempt.acknowledged();
  attempt.releaseStops();
}

const TOO_LARGE = `The answer passed ${ANSWER_BYTES} bytes while it streamed`;
