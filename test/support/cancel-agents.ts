// The agent whose turns are cancelled, as this process and a worker that is killed run it.

import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/index.js';

const parameters = z.object({});

export const CANCELLED_AGENTS = [
  defineAgent({
    name: 'assistant',
    model: 'scripted',
    server: 'openai',
    inference: { heartbeatTimeout: 1000 },
    tools: [
      defineTool({
        name: 'patient',
        parameters,
        heartbeatTimeout: '1s',
        execute: (_args, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
          }),
      }),
      defineTool({ name: 'asking', parameters, needsApproval: true, execute: () => 'ran' }),
    ],
  }),
];
