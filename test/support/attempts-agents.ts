// The agents whose attempts get lost, as the test's worker and the one that dies know them.

import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/index.js';
import type { Agent } from '../../src/index.js';

export function attemptsAgents({ die }: { readonly die: () => void }): readonly Agent[] {
  const last = defineTool({
    name: 'die',
    parameters: z.object({}),
    heartbeatTimeout: '1s',
    retry: { maximumAttempts: 1 },
    execute: async () => {
      die();
      await new Promise(() => undefined);
    },
  });
  const common = {
    model: 'scripted',
    tools: [last],
    inference: { heartbeatTimeout: 1000 },
  } as const;
  return [
    defineAgent({ ...common, name: 'connected' }),
    defineAgent({ ...common, name: 'background', background: true }),
    defineAgent({ ...common, name: 'twice', inference: { ...common.inference, maximumAttempts: 2 } }),
  ];
}
