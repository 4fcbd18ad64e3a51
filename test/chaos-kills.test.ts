// A worker that is killed wherever the model's stream can stand: at every change of event type, and in the middle of
// its runs of deltas. Each turn stops at a place of its own, and one kill takes AT_ONCE of them. KILL_PLACES=all
// takes all places, else it is a sample.

import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { TurnHandle } from '../src/client/index.js';
import { reply, SeededRandom } from '../src/testing/index.js';
import type { ReplyStep, RequestEntry, Script } from '../src/testing/index.js';
import { setStage } from './chaos/stage.js';
import type { Stage } from './chaos/stage.js';
import { inferenceAttempts, otherReasons } from './support/inference-attempts.js';
import { placesOf } from './support/kill-places.js';
import { brokenSteps } from './support/step-lives.js';
import { ofType, seenBy, watch } from './support/watch.js';

const SEED = 1;
/** As many turns side by side as one worker takes on a busy machine. */
const AT_ONCE = 12;

/** What the model says before and after the outputs of its calls. */
const ANSWERS: readonly (readonly ReplyStep[])[] = [
  [
    reply.reasoning('first I think about it for a while', { deltas: 8 }),
    reply.webSearch('how to work'),
    reply.text('let me pay twice, and then we will see', { deltas: 8 }),
    reply.functionCall('pay', { amount: 1 }),
    reply.functionCall('pay', { amount: 2 }),
  ],
  [reply.reasoning('it is paid', { deltas: 4 }), reply.text('both are paid now', { deltas: 8 })],
];

type Place = readonly [answer: number, events: number];

/** Turns that the worker has been killed under: a request of theirs that comes first only now is answered whole. */
const killed = new Set<string>();

/** The prompt says where the stream stops for the first request: `stop ANSWER EVENTS`. */
const script: Script = ({ prompt, outputs }) => {
  const answer = outputs.length === 0 ? 0 : 1;
  const [, wanted, events] = /^stop (\d+) (\d+)$/.exec(prompt) ?? [];
  const stops = !killed.has(prompt) && Number(wanted) === answer;
  return [...(ANSWERS[answer] ?? []), ...(stops ? [reply.stall(Number(events), { times: 1 })] : [])];
};

const promptOf = ([answer, events]: Place): string => `stop ${answer} ${events}`;

let stage: Stage;

beforeAll(async () => {
  stage = await setStage({ workerCount: 1, script, programs: inject('programs') });
});

afterAll(() => stage?.stop());

test('a worker killed at any place of the stream: the turn goes on, and nothing lost is in its text', async () => {
  const places = await placesOfStreams();
  expect(places.length).toBeGreaterThan(40);
  const every = process.env['KILL_PLACES'] === 'all' ? 1 : Math.ceil(places.length / AT_ONCE);
  const left = places.filter((_, n) => n % every === 0);
  while (left.length > 0) await expectWhole(left.splice(0, AT_ONCE));
});

/** Runs a turn for each place, and kills the worker when all of them have come there. */
async function expectWhole(places: readonly Place[]): Promise<void> {
  const { turns, workers } = stage;
  const [worker] = workers;
  const running = await Promise.all(
    places.map(async (place) => {
      const prompt = promptOf(place);
      const turn = await turns.start({ agent: 'chained', input: prompt });
      return { turn, prompt, watching: watch(turn) };
    }),
  );
  while (!places.every(hasStopped)) await sleep(20);
  // Attempts say nothing at first: else there may be nothing to lose.
  while (!(await isTold(running.map(({ turn }) => turn)))) await sleep(20);
  for (const place of places) killed.add(promptOf(place));
  await worker?.kill();
  await worker?.restart();

  const ended = await Promise.all(
    running.map(async ({ watching, ...rest }) => ({ ...rest, watched: await watching })),
  );
  let lost = 0;
  for (const { turn, prompt, watched } of ended) {
    const events = await seenBy(turns, turn);
    expect(watched).toEqual(events);
    expect(brokenSteps(events)).toEqual([]);
    expect(await turn.result(), prompt).toMatchObject({
      status: 'completed',
      final_text: 'both are paid now',
    });
    expect(otherReasons(events), prompt).toEqual([]);
    // An attempt that had nothing to say yet is lost without a trace.
    lost += ofType(events, 'step_superseded').length;
    // Each turn has two answers, one of which was asked for twice at least: a busy machine loses heartbeats too, and
    // an attempt that is lost may not have asked yet.
    const requests = requestsOf(prompt).length;
    expect(requests, prompt).toBeGreaterThanOrEqual(3);
    expect(requests, prompt).toBeLessThanOrEqual(await inferenceAttempts(turns.client, turn.turnId));
  }
  expect(lost).toBeGreaterThan(0);
}

/** Whether any of them has told of an answer that is lost now, or will be. */
async function isTold(running: readonly TurnHandle[]): Promise<boolean> {
  const steps = (await Promise.all(running.map((turn) => turn.progress()))).flatMap((told) => told.steps);
  return steps.some(({ state, step_type }) => step_type === 'inference' && state !== 'completed');
}

/** Or its worker was too busy for its heartbeats, and it has been lost already. */
function hasStopped(place: Place): boolean {
  const [answer, events] = place;
  return requestsOf(promptOf(place)).some(
    ({ body, finished, sent_events, client_closed }) =>
      client_closed ||
      (!finished && sent_events === events && Boolean(body?.['previous_response_id']) === answer > 0),
  );
}

/** The first ones say the prompt, later ones go on from an answer to it. */
function requestsOf(prompt: string): readonly RequestEntry[] {
  const answers = new Set<unknown>();
  return stage.model.modelRequests.filter(({ body, response_id }) => {
    const { input, previous_response_id } = body ?? {};
    const ours = answers.has(previous_response_id) || JSON.stringify(input).includes(`"${prompt}"`);
    if (ours) answers.add(response_id);
    return ours;
  });
}

/** Read from the streams themselves, by a client that loses nothing. */
async function placesOfStreams(): Promise<readonly Place[]> {
  const openai = new OpenAI({ apiKey: 'k', baseURL: stage.model.url });
  const tools = [{ type: 'function' as const, name: 'pay', parameters: {}, strict: false }];
  const places: Place[] = [];
  const random = new SeededRandom(SEED);
  let previous: string | undefined;
  let input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'look' }];
  for (const answer of ANSWERS.keys()) {
    const types: string[] = [];
    const stream = await openai.responses.create({
      model: 'scripted',
      tools,
      input,
      stream: true,
      ...(previous === undefined ? {} : { previous_response_id: previous }),
    });
    for await (const event of stream) {
      types.push(event.type);
      if (event.type !== 'response.completed') continue;
      previous = event.response.id;
      input = event.response.output.flatMap((item) =>
        item.type === 'function_call'
          ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: 'paid' }]
          : [],
      );
    }
    for (const place of placesOf(types, random)) places.push([answer, place]);
  }
  return places;
}
