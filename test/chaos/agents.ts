// The agents of a chaos run, and the one tool that leaves a trace outside.

import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/index.js';
import type { Agent, ToolContext } from '../../src/index.js';

/** Whatever dies, a turn goes on: no bound of attempts may end it. */
const ATTEMPTS = 10_000;

export type AgentName = 'chained' | 'stateless' | 'background';

export function chaosAgents(pay: (context: ToolContext) => Promise<void>): readonly Agent[] {
  const tool = defineTool({
    name: 'pay',
    parameters: z.object({ amount: z.number() }),
    heartbeatTimeout: '1s',
    retry: { initialInterval: '50ms', maximumInterval: '500ms', maximumAttempts: ATTEMPTS },
    execute: async ({ amount }, context) => {
      await pay(context);
      return { paid: amount };
    },
  });
  const shared = {
    model: 'scripted',
    tools: [tool],
    inference: { maximumAttempts: ATTEMPTS, idleTimeout: 300_000, heartbeatTimeout: 1000 },
  };
  return [
    defineAgent({ ...shared, name: 'chained' satisfies AgentName }),
    defineAgent({ ...shared, name: 'stateless' satisfies AgentName, state: 'stateless' }),
    defineAgent({ ...shared, name: 'background' satisfies AgentName, background: true }),
  ];
}
