/** Whether a turn was started with this input. */
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import type { TurnInput } from '../protocol/turn.js';
import { givenInput } from './given-input.js';

/** Compares as JSON. */
export async function wasStartedWith(client: Client, workflowId: string, input: TurnInput): Promise<boolean> {
  return isDeepStrictEqual(await givenInput(client, workflowId), JSON.parse(JSON.stringify(input)));
}
