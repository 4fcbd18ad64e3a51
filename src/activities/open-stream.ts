/** Sends the request to the model, and looks whether what answers is a stream of events at all. */
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';
import type { ModelStream } from '../agents/model-client.js';
import { fail } from '../protocol/failures.js';
import type { Attempt } from './attempt.js';
import type { ModelClient } from './model-client.js';

/** What a web server, or an API of another kind, answers with. Other types may be sloppy headers of a stream. */
const NO_STREAM = /^(?:text\/html|application\/json)\b/i;

/** @throws ApplicationFailure of type ModelRequestRejected for an answer that is no stream; what the client throws. */
export async function openStream(
  client: ModelClient,
  body: ResponseCreateParamsStreaming,
  { signal, number }: Pick<Attempt, 'signal' | 'number'>,
): Promise<ModelStream> {
  const request = client.responses.create(body, { signal, maxRetries: 0 });
  const { data: stream, response } = await request.withResponse();
  if (isEventStream(response)) return stream;
  const type = response.headers.get('content-type') ?? '';
  stream.controller.abort();
  throw fail('ModelRequestRejected', {
    message: `${addressOf(response)} answered with ${type} where a stream of events was asked for, so the base URL is not that of a Responses server`,
    http_status: response.status,
    attempt: number,
  });
}

export function isEventStream({ headers }: Response): boolean {
  return !NO_STREAM.test(headers.get('content-type') ?? '');
}

/** Without the query: gateways carry keys there. */
function addressOf({ url }: Response): string {
  if (!URL.canParse(url)) return 'The server';
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
