import { expect, test } from 'vitest';
import { reply } from './reply.js';
import { ScriptPlayer } from './script-player.js';
import type { Asked } from './script-player.js';
import { eachTurn } from './script.js';

const prepared = (prompt: string): Asked => ({
  body: { input: prompt },
  context: [{ type: 'message', role: 'user', content: prompt }],
  prompt,
  thread: '',
});
const search = () => [];

test('a second turn of the same words is told why the script of the first has no answer for it', async () => {
  const player = new ScriptPlayer(eachTurn([reply.text('It was shipped.')]));
  await player.ask(prepared('Where is it?'), search);
  await expect(player.ask(prepared('Where is it?'), search)).rejects.toThrow(
    /no answer for request 2: "Where is it\?"\. It counts as request 2 of its turn/,
  );
  expect((await player.ask(prepared('And where is this?'), search)).steps).toHaveLength(1);
});

test('a script that is too short says no more than that', async () => {
  const player = new ScriptPlayer(() => undefined);
  await expect(player.ask(prepared('Hello'), search)).rejects.toThrow(/for request 1: "Hello"\.$/);
});
