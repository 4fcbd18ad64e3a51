/**
 * Turns that go through every command which our workflows give: what a change of workflow code must still replay.
 * A new command (an activity, a timer, a memo, a child ...) wants a scenario here.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { SessionHandle, TurnHandle } from '../../src/client/index.js';
import { defineAgent, defineTool } from '../../src/index.js';
import { eachTurn, firstOf, reply, when } from '../../src/testing/index.js';
import type { ScriptedResponsesServer } from '../../src/testing/index.js';
import type { Rig } from '../support/rig.js';
import { firstInput } from '../support/watch.js';

export interface Lab {
  readonly rig: Rig;
  /** On a server that suggests continue-as-new after 30 events. */
  readonly shortRuns: Rig;
  readonly model: ScriptedResponsesServer;
}

/** Runs to its end and gives the workflow ids whose histories are kept. */
type Scenario = (lab: Lab) => Promise<readonly string[]>;

const nothing = z.object({});
const note = defineTool({
  name: 'note',
  parameters: z.object({ text: z.string() }),
  execute: ({ text }, { report }) => {
    report({ noted: text });
    return `noted ${text}`;
  },
});
const pay = defineTool({ name: 'pay', parameters: nothing, needsApproval: true, execute: () => 'paid' });
const askHuman = defineTool({ name: 'ask_human', parameters: nothing });
const hurried = defineTool({ name: 'hurried', parameters: nothing, inputTimeout: '100ms' });
const flaky = defineTool({
  name: 'flaky',
  parameters: nothing,
  retry: { maximumAttempts: 2, initialInterval: '10ms' },
  execute: () => Promise.reject(new Error('no luck')),
});
const fatal = defineTool({
  name: 'fatal',
  parameters: nothing,
  retry: { maximumAttempts: 1 },
  onFailure: 'fail-turn',
  execute: () => Promise.reject(new Error('the end')),
});
const tools = [note, pay, askHuman, hurried, flaky, fatal];

export const agents = [
  defineAgent({ name: 'assistant', model: 'scripted', tools }),
  defineAgent({ name: 'stateless', model: 'scripted', tools, state: 'stateless' }),
  defineAgent({ name: 'conversing', model: 'scripted', tools, state: 'conversation' }),
  defineAgent({
    name: 'talkative',
    model: 'scripted',
    tools,
    state: 'conversation',
    server: 'openai',
    limits: { max_responses: 1 },
  }),
  defineAgent({ name: 'patient', model: 'scripted', tools, background: true }),
  defineAgent({ name: 'limited', model: 'scripted', tools, limits: { max_responses: 1 } }),
];

const done = reply.text('That is done.');
const then = (...first: Parameters<typeof reply.functionCall>[]) =>
  eachTurn([first.map((call) => reply.functionCall(...call)), done]);

export const modelScript = firstOf(
  when('plain', eachTurn([done])),
  when('two notes', then(['note', { text: 'a' }], ['note', { text: 'b' }])),
  when('unknown tool', then(['nobody'], ['note', { text: 1 }])),
  when('flaky', then(['flaky'])),
  when('fatal', then(['fatal'])),
  when('pay', then(['pay'])),
  when('human', then(['ask_human'])),
  when('hurried', then(['hurried'])),
  when('cut', eachTurn([[reply.text('half '), reply.cut()], done])),
  when('refused', () => reply.status(400, { message: 'Not like this.' })),
  when('many notes', ({ turnRequest }) =>
    turnRequest > 8 ? done : reply.functionCall('note', { text: `note ${turnRequest}` }),
  ),
  when(
    'two and wait',
    eachTurn([[reply.functionCall('note', { text: 'a' }), reply.functionCall('ask_human')], done]),
  ),
  when('slow', () => reply.text('word '.repeat(2000), { perSecond: 50 })),
);

const run =
  (agent: string, input: string, act: (turn: TurnHandle) => Promise<unknown> = async () => {}): Scenario =>
  async ({ rig }) => {
    const turn = await rig.turns.start({ agent, input });
    await act(turn);
    await turn.result().catch(() => undefined);
    return [turn.turnId];
  };

/** A session to its close; kept are its own histories and those of its turns. */
const talk =
  (say: (session: SessionHandle) => Promise<void>, where = ({ rig }: Lab): Rig => rig): Scenario =>
  async (lab) => {
    const id = `talk-${randomUUID()}`;
    const session = where(lab).turns.session(id, { agent: 'assistant' });
    await say(session);
    await session.close();
    for await (const event of session.events()) void event;
    const turns = (await session.turns()).filter(({ state }) => state !== 'queued' && state !== 'steered');
    return [id, ...turns.map(({ turn_id }) => turn_id)];
  };

export const scenarios: Readonly<Record<string, Scenario>> = {
  plain: run('assistant', 'plain'),
  'parallel-tools': run('assistant', 'two notes'),
  'rejected-calls': run('assistant', 'unknown tool'),
  'tool-fails': run('assistant', 'flaky'),
  'tool-fails-turn': run('assistant', 'fatal'),
  approved: run('assistant', 'pay', async (turn) => turn.approve(await firstInput(turn))),
  denied: run('assistant', 'pay, or not', async (turn) =>
    turn.deny(await firstInput(turn), { reason: 'no' }),
  ),
  'output-from-outside': run('assistant', 'human', async (turn) =>
    turn.submitToolOutput(await firstInput(turn), { said: 'hello' }),
  ),
  'input-times-out': run('assistant', 'hurried'),
  'cancelled-while-asked': run('assistant', 'pay later', async (turn) => {
    await firstInput(turn);
    await turn.cancel();
  }),
  'cancelled-while-streaming': run('assistant', 'slow', async (turn) => {
    for await (const event of turn.events()) if (event.type === 'step_progress') break;
    await turn.cancel();
  }),
  'stream-cut': run('assistant', 'cut'),
  'model-refuses': run('assistant', 'refused'),
  stateless: run('stateless', 'two notes'),
  conversation: run('conversing', 'two notes'),
  'conversation-completed': run('talkative', 'two notes'),
  background: run('patient', 'two notes'),
  'continued-as-new': ({ shortRuns, ...lab }) =>
    run('assistant', 'many notes')({ ...lab, rig: shortRuns, shortRuns }),
  session: talk(async (session) => {
    await (await session.send('plain one')).result();
    await (await session.send('two notes')).result();
  }),
  'session-of-many-runs': talk(
    async (session) => {
      for (let n = 0; n < 8; n++) await (await session.send(`plain ${n}`)).result();
    },
    ({ shortRuns }) => shortRuns,
  ),
  'session-steered': talk(async (session) => {
    const turn = await session.send('two and wait');
    const asked = await firstInput(turn);
    const steered = await session.send('plain addition', { whileBusy: 'steer' });
    await turn.submitToolOutput(asked, 'go on');
    await turn.result();
    await steered.result();
  }),
  'session-interrupted': talk(async (session) => {
    const turn = await session.send('slow');
    for await (const event of turn.events()) if (event.type === 'step_progress') break;
    await (await session.send('plain talk', { whileBusy: 'interrupt' })).result();
  }),
  'limit-reached': run('limited', 'two notes'),
  'invalid-input': async ({ rig }) => {
    const workflowId = `invalid-${randomUUID()}`;
    const { client, taskQueue } = rig;
    const args = [{ agent: '' }];
    const handle = await client.workflow.start('agentTurn', { workflowId, taskQueue, args });
    await handle.result().catch(() => undefined);
    return [workflowId];
  },
};
