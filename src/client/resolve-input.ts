/** Answers what a turn asks: the update `resolve_input`, with its refusals as typed errors. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { InputRequired } from '../events/turn-event.js';
import { resolveInputUpdate } from '../protocol/definitions.js';
import type { InputOutcome, InputResolution } from '../protocol/resolve-input.js';
import { InputAlreadyResolvedError, InputNotFoundError, InvalidResolutionError } from './errors.js';
import { isNotFound } from './grpc-errors.js';
import { readKept } from './reader.js';

/** What a decision is about: an `input_required` event, or an entry of `progress().inputs`. */
export type AskedInput = Pick<InputRequired, 'input_id' | 'arguments_hash'>;

/** Who decided, and why. */
export interface DecisionOptions {
  /** Who decides, at most 200 characters; watchers see it. */
  readonly by?: string | undefined;
  /** Why, at most 1,000 characters. */
  readonly reason?: string | undefined;
}

/** What every decision says: about what, by whom and why. */
export function about(
  { input_id, arguments_hash }: AskedInput,
  { by, reason }: DecisionOptions,
): AskedInput & { readonly by?: string; readonly reason?: string } {
  return {
    input_id,
    arguments_hash,
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  };
}

export async function resolveInput(
  client: Client,
  turnId: string,
  resolution: InputResolution,
): Promise<InputOutcome> {
  try {
    return await client.workflow.getHandle(turnId).executeUpdate(resolveInputUpdate, { args: [resolution] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw typed(error);
    // A turn that has ended takes no updates, but its history still knows what was decided.
    if (isNotFound(error)) return decidedBefore(client, turnId, resolution);
    throw error;
  }
}

function typed(error: WorkflowUpdateFailedError): Error {
  const { type, message } = Object(error.cause) as { type?: unknown; message?: string };
  switch (type) {
    case 'InputNotFound':
      return new InputNotFoundError(message, { cause: error });
    case 'InputAlreadyResolved':
      return new InputAlreadyResolvedError(message, { cause: error });
    case 'InvalidResolution':
      return new InvalidResolutionError(message, { cause: error });
    default:
      return error;
  }
}

async function decidedBefore(
  client: Client,
  turnId: string,
  { input_id, decision }: InputResolution,
): Promise<InputOutcome> {
  for await (const event of readKept(client, turnId)) {
    if (event.type !== 'input_resolved' || event.input_id !== input_id) continue;
    const { type: _type, turn_id: _turn, ...outcome } = event;
    if (outcome.decision === decision) return outcome;
    throw new InputAlreadyResolvedError(
      `${input_id} was decided before: ${outcome.decision} at ${outcome.at}.`,
    );
  }
  throw new InputNotFoundError(`Turn ${turnId} has ended, and never asked anything under ${input_id}.`);
}
