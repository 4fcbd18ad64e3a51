/** The agents of worker.ts. The model is MODEL, by default gpt-5-mini. */
import { defineAgent, defineTool } from 'durable-turns';
import { z } from 'zod';

const model = process.env['MODEL'] || 'gpt-5-mini';

const currentTime = defineTool({
  name: 'current_time',
  description: 'The date and time of now, in a time zone.',
  // Arguments that do not pass never reach execute; the model is told what is wrong with them.
  parameters: z.object({
    time_zone: z.string().refine(isTimeZone, 'Use an IANA name, such as Europe/Paris'),
  }),
  execute: ({ time_zone }) => new Date().toLocaleString('en-GB', { timeZone: time_zone }),
});

export const assistant = defineAgent({
  name: 'assistant',
  model,
  instructions: 'You are a helpful assistant. Answer in a few sentences.',
  tools: [currentTime],
});

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
