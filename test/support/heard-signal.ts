// Waits for a signal that somebody else sends.

import { expect, vi } from 'vitest';
import type { TurnHandle } from '../../src/client/index.js';
import type { Rig } from './rig.js';

/** Resolves when the signal is in the history of the turn. */
export async function heardSignal(
  { client }: Pick<Rig, 'client'>,
  { turnId }: Pick<TurnHandle, 'turnId'>,
  name: string,
): Promise<void> {
  await vi.waitFor(
    async () => {
      const { events } = await client.workflow.getHandle(turnId).fetchHistory();
      const names = (events ?? []).map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
      expect(names).toContain(name);
    },
    { timeout: 60_000, interval: 50 },
  );
}
