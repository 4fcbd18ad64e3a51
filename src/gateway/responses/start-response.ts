/** `POST /v1/responses`: starts the turn that the request asks for, in the session or behind the turn that it names. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../events/json.js';
import type { TurnClient, TurnInput } from '../../client/index.js';
import { TurnNotFoundError } from '../../client/index.js';
import { checkIsSession, checkIsTurn } from '../only-ours.js';
import type { Temporal } from '../temporal.js';
import { InvalidRequestError } from './create-request.js';
import type { CreateRequest } from './create-request.js';
import { checkSaysTheSame, orKeyConflict } from './idempotency-key.js';
import { newHead, RESPONSE_MEMO } from './response-head.js';
import type { ResponseMemo } from './response-head.js';
import { turnIdOf } from './response-id.js';
import type { ResponseHead } from './response-object.js';

/** A turn that was started, and what its response says of it from the start. */
export interface StartedResponse {
  readonly turnId: string;
  readonly head: ResponseHead;
}

/**
 * @param keyed stands for the key by which a repeated request is known; undefined: every request is a new one.
 * @throws InvalidRequestError, SessionClosedError
 */
export async function startResponse(
  temporal: Temporal,
  request: CreateRequest,
  keyed: string | undefined,
): Promise<StartedResponse> {
  const { turns } = temporal;
  const id = keyed ?? randomUUID();
  const { input, conversation, previousResponseId } = request;
  const ofSession = async (session: string): Promise<StartedResponse> => {
    const started = await inSession(temporal, session, request, id);
    if (keyed === undefined) return started;
    // A session takes an id that it knows for the same message, whatever that says.
    checkSaysTheSame(await temporal.ask(() => turns.getHandle(started.turnId).input()), input);
    return started;
  };
  if (conversation !== undefined) return ofSession(conversation);
  if (previousResponseId === undefined) return alone(temporal, input, request, id);
  const parent = await temporal.ask(() => parentOf(turns, previousResponseId));
  if ('session' in parent) return ofSession(parent.session);
  return alone(temporal, { ...input, ...parent.goesOn }, request, id);
}

async function alone(
  temporal: Temporal,
  input: TurnInput,
  request: CreateRequest,
  id: string,
): Promise<StartedResponse> {
  const asked = askedIn(request);
  const memo = { [RESPONSE_MEMO]: asked };
  const { turnId } = await temporal
    .ask(() => temporal.turns.start(input, { turnId: `response-${id}`, memo }))
    .catch(orKeyConflict);
  return { turnId, head: { ...newHead(turnId), input, ...asked } };
}

async function inSession(
  temporal: Temporal,
  session: string,
  request: CreateRequest,
  messageId: string,
): Promise<StartedResponse> {
  const { input } = request;
  const asked = askedIn(request);
  const { turnId } = await temporal.ask(async () => {
    await checkIsSession(temporal.turns, session);
    return temporal.turns.session(session).send(input, { messageId, memo: { [RESPONSE_MEMO]: asked } });
  });
  return { turnId, head: { ...newHead(turnId), input: { ...input, session_id: session }, ...asked } };
}

/** What a response tells of its request that is none of the turn's business. */
function askedIn({ background, previousResponseId }: CreateRequest): ResponseMemo & JsonObject {
  return {
    background,
    ...(previousResponseId === undefined ? {} : { previous_response_id: previousResponseId }),
  };
}

/** Where a new turn goes on from an earlier one: in its session, in its conversation, or from its last response. */
type Parent =
  | { readonly session: string }
  | { readonly goesOn: Pick<TurnInput, 'conversation' | 'previous_response_id'> };

/** @throws InvalidRequestError for a response that is not there, is not over, or never came to an answer */
async function parentOf(turns: TurnClient, responseId: string): Promise<Parent> {
  const turnId = turnIdOf(responseId) ?? missing(responseId);
  const turn = turns.getHandle(turnId);
  const asked = checkIsTurn(turns, turnId).then(() => Promise.all([turn.progress(), turn.input()]));
  const [{ session_id, end, response_ids }, given] = await asked.catch((error: unknown) =>
    error instanceof TurnNotFoundError ? missing(responseId) : Promise.reject(error),
  );
  if (session_id !== undefined && turnId.startsWith(`${session_id}/`)) return { session: session_id };
  if (!end) refuse(`Response '${responseId}' is still in progress.`, 'response_in_progress');
  // Without a session's id of its own, a turn tells its conversation.
  const conversation = given.conversation ?? (given.session_id === undefined ? session_id : undefined);
  if (conversation !== undefined) return { goesOn: { conversation } };
  const previous_response_id = response_ids.at(-1);
  if (previous_response_id === undefined) refuse(`Response '${responseId}' has no answer.`, 'invalid_value');
  return { goesOn: { previous_response_id } };
}

function missing(responseId: string): never {
  const message = `Previous response with id '${responseId}' not found.`;
  throw new InvalidRequestError(message, 'previous_response_id', 'previous_response_not_found', 404);
}

function refuse(message: string, code: string): never {
  throw new InvalidRequestError(message, 'previous_response_id', code);
}
