import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { InvalidTurnInputError } from './errors.js';
import { TurnClient } from './turn-client.js';

/** Nobody gets as far as to ask it. */
const turns = new TurnClient({ client: {} as Client, taskQueue: 'agents' });
const input = { agent: 'assistant', input: 'hi' };

test('an option of start that nobody knows is refused: an id in it would start a second turn', async () => {
  const started = turns.start(input, { workflowId: 'order-42' } as object);
  await expect(started).rejects.toThrow(InvalidTurnInputError);
  await expect(started).rejects.toThrow(/workflowId is no option of start; its options are turnId, memo/);
});

test('so is one of send', async () => {
  const sent = turns.session('user-7').send(input, { whilebusy: 'steer' } as object);
  await expect(sent).rejects.toThrow(/whilebusy is no option of send; .*whileBusy/);
});
