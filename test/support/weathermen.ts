// Agents with a tool of ours, each with a way of its own to the model: a test breaks one and leaves the others alone.

import OpenAI from 'openai';
import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/index.js';
import type { Agent } from '../../src/index.js';

const getWeather = defineTool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: () => 'sunny',
});

export const weatherman = (n: number): string => `weatherman-${n}`;

/** `weatherman(n)` asks the n-th URL. Every request has a connection of its own. */
export function weathermen(
  urls: readonly string[],
  model: string,
  options: Pick<Agent, 'inference'> = {},
): readonly Agent[] {
  return urls.map((baseURL, n) =>
    defineAgent({
      ...options,
      name: weatherman(n),
      model,
      tools: [getWeather],
      openai: new OpenAI({ apiKey: 'k', baseURL, defaultHeaders: { connection: 'close' } }),
    }),
  );
}

/** As the worker that is killed knows them. Shorter, a busy machine's worker would be taken for dead too. */
export function killableWeathermen(urls: readonly string[], model: string): readonly Agent[] {
  return weathermen(urls, model, { inference: { heartbeatTimeout: 3000 } });
}
