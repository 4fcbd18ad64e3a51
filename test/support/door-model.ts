// What the model says in the tests of the door for OpenAI SDKs, in whatever language.

import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/index.js';
import { eachTurn, firstOf, reply, when } from '../../src/testing/index.js';

const WORDS = Array.from({ length: 80 }, (_, i) => `word${i}`).join(' ');

const note = defineTool({
  name: 'note',
  parameters: z.object({ text: z.string() }),
  execute: ({ text }) => `noted ${text}`,
});

export const doorAgent = defineAgent({ name: 'assistant', model: 'scripted', tools: [note] });

const askNote = [reply.text('One moment. '), reply.functionCall('note', { text: 'a' })];

export const doorScript = firstOf(
  when('note', eachTurn([askNote, reply.text('Noted.')])),
  when('slow', () => reply.text(WORDS, { perSecond: 60 })),
  when('endless', () => reply.text('word '.repeat(4000), { perSecond: 20 })),
  when('cut', eachTurn([[reply.text('half an ans'), reply.cut()], reply.text('the whole answer')])),
  when('broken', () => reply.status(400, { code: 'bad_thing', message: 'Not like this.' })),
  when('before', ({ input }) => reply.text(`You said: ${JSON.stringify(input.slice(0, -1))}`)),
  () => reply.text('Hello.'),
);
