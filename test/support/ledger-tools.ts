// The tools of the ledger, as the worker of the agent declares them and as the worker that dies runs them.

import { z } from 'zod';
import { defineTool } from '../../src/index.js';
import type { Tool, ToolContext } from '../../src/index.js';

interface Work {
  pay(context: ToolContext): Promise<string>;
  meet(context: ToolContext, place: number): Promise<number>;
}

export function ledgerTools(taskQueue: string, work: Work): readonly Tool[] {
  const options = {
    taskQueue,
    heartbeatTimeout: '1s',
    retry: { initialInterval: '50ms', maximumInterval: '200ms', maximumAttempts: 100 },
  } as const;
  return [
    defineTool({
      ...options,
      name: 'pay',
      parameters: z.object({}),
      execute: (_args, context) => work.pay(context),
    }),
    defineTool({
      ...options,
      name: 'meet',
      parameters: z.object({ place: z.int() }),
      execute: ({ place }, context) => work.meet(context, place),
    }),
  ];
}

/** For the worker that never runs them. */
export const NO_WORK: Work = {
  pay: () => Promise.reject(new Error('not here')),
  meet: () => Promise.reject(new Error('not here')),
};
