// Whole turns on a conversation, from the first event to what is left at the server. They run against the
// scripted server and against a real Llama Stack, so they say nothing about ids, deltas or exact wording.

import { afterAll, afterEach, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { EventLogger } from '../../src/events.js';
import type { TurnEvent } from '../../src/events.js';
import { defineAgent, defineTool } from '../../src/index.js';
import type { Agent } from '../../src/index.js';
import { ModelServer, modelServerOptions, secretWord } from '../support/model-server.js';
import { startRig } from '../support/rig.js';
import type { Rig } from '../support/rig.js';
import { expectSameEverywhere, watchTurn } from '../support/same-everywhere.js';
import { ofType } from '../support/watch.js';

const server = new ModelServer();
const rigs: Rig[] = [];

afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.stop()));
});

afterAll(() => server.cleanUp());

test('basic turn without tools', async () => {
  const rig = await rigWith(defineAgent({ name: 'assistant', model: inject('model') }));
  const conversation = await server.conversation();

  const basic = await watchTurn(rig, {
    agent: 'assistant',
    input: 'Say hello in exactly 3 words.',
    conversation,
  });

  expect(bordersOf(basic.events)).toEqual([
    'turn_started',
    'step_started inference',
    'step_completed inference end_of_turn',
    'turn_completed',
  ]);
  expectSession(basic.events, conversation);
  expect(endOf(basic.events)).toMatchObject({
    status: 'completed',
    stop_reason: 'end_of_turn',
    num_steps: 1,
    final_text: streamedText(basic.events),
  });
  expect(streamedText(basic.events)).not.toBe('');
  await expectSameEverywhere(rig, basic);
});

test('server-side file_search', async () => {
  const code = secretWord();
  const store = await server.vectorStore(`The launch code of project Aurora is ${code}.`);
  const rig = await rigWith(searcher(store));
  const conversation = await server.conversation();

  const search = await watchTurn(rig, {
    agent: 'searcher',
    input: 'Search the files: what is the launch code of project Aurora?',
    conversation,
  });

  expect(bordersOf(search.events)).toEqual(SEARCH_THEN_ANSWER);
  expectSession(search.events, conversation);
  expect(toolStarts(search.events)).toMatchObject([{ server_side: true, tool_type: 'file_search' }]);
  expect(JSON.stringify(toolResults(search.events))).toContain(code);
  expect(endOf(search.events)).toMatchObject({ num_steps: 3, final_text: expect.stringContaining(code) });
  expect(endOf(search.events)?.response_ids).toHaveLength(1);
  await expectSameEverywhere(rig, search);
});

test('client-side function tool', async () => {
  const station = secretWord();
  const asked: unknown[] = [];
  const getWeather = defineTool({
    name: 'get_weather',
    description: 'The weather in a city, with the code of the station that measured it.',
    parameters: z.object({ city: z.string() }),
    execute: (args) => {
      asked.push(args);
      return { weather: 'sunny', station };
    },
  });
  const rig = await rigWith(defineAgent({ name: 'weatherman', model: inject('model'), tools: [getWeather] }));
  const conversation = await server.conversation();

  const weather = await watchTurn(rig, {
    agent: 'weatherman',
    input: 'What is the weather in Paris? Name the code of the station too.',
    conversation,
  });

  expect(bordersOf(weather.events)).toEqual([
    'turn_started',
    'step_started inference',
    'step_completed inference tool_calls',
    'step_started tool_execution',
    'step_completed tool_execution completed',
    'step_started inference',
    'step_completed inference end_of_turn',
    'turn_completed',
  ]);
  expectSession(weather.events, conversation);
  const [issued] = deltasOf(weather.events, 'tool_call_issued');
  expect(issued).toMatchObject({ tool_type: 'function', tool_name: 'get_weather' });
  expect(toolStarts(weather.events)).toEqual([
    expect.objectContaining({
      server_side: false,
      tool_type: 'function',
      tool_name: 'get_weather',
      call_id: issued?.call_id,
    }),
  ]);
  expect(asked).toEqual([{ city: expect.stringContaining('Paris') }]);
  expect(toolResults(weather.events)).toMatchObject([
    {
      call_id: issued?.call_id,
      content: JSON.stringify({ weather: 'sunny', station }),
      is_error: false,
    },
  ]);
  expect(endOf(weather.events)).toMatchObject({ num_steps: 3, final_text: expect.stringContaining(station) });
  expect(endOf(weather.events)?.response_ids).toHaveLength(2);
  expect(await activitiesOf(rig, weather.turn.turnId)).toEqual(['infer', 'get_weather', 'infer']);
  await expectSameEverywhere(rig, weather);
});

test('quickstart: file_search answer, logged, and a follow-up turn', async () => {
  const advice = secretWord();
  const store = await server.vectorStore(
    `To do great work, choose what you are curious about. The motto of great work is ${advice}.`,
  );
  const rig = await rigWith(searcher(store));
  const conversation = await server.conversation();
  const question = 'Search the files: what is the motto of great work?';
  const again = 'Search the files again and repeat the motto of great work.';

  const first = await watchTurn(rig, { agent: 'searcher', input: question, conversation });
  const second = await watchTurn(rig, { agent: 'searcher', input: again, conversation });

  const logger = new EventLogger();
  const printed = first.events.map((event) => logger.log(event)).join('');
  expect(printed).toContain('file_search');
  expect(printed.slice(printed.indexOf('file_search'))).toContain(advice);
  for (const { events } of [first, second]) {
    expect(bordersOf(events)).toEqual(SEARCH_THEN_ANSWER);
    expectSession(events, conversation);
    expect(JSON.stringify(toolResults(events))).toContain(advice);
    expect(endOf(events)?.final_text).toContain(advice);
  }
  expect(second.turn.turnId).not.toBe(first.turn.turnId);
  expect((await server.itemsOf(conversation)).map(gist).sort()).toEqual(
    [
      `message user ${question}`,
      'file_search_call',
      `message assistant ${endOf(first.events)?.final_text}`,
      `message user ${again}`,
      'file_search_call',
      `message assistant ${endOf(second.events)?.final_text}`,
    ].sort(),
  );
  await expectSameEverywhere(rig, first, second);
});

const SEARCH_THEN_ANSWER = [
  'turn_started',
  'step_started inference',
  'step_completed inference server_tool_call',
  'step_started tool_execution',
  'step_completed tool_execution completed',
  'step_started inference',
  'step_completed inference end_of_turn',
  'turn_completed',
];

function searcher(store: string): Agent {
  return defineAgent({
    name: 'searcher',
    model: inject('model'),
    instructions: 'Answer from the files.',
    tools: [{ type: 'file_search', vector_store_ids: [store] }],
  });
}

async function rigWith(agent: Agent): Promise<Rig> {
  const rig = await startRig({ agents: [agent], openai: modelServerOptions() });
  rigs.push(rig);
  return rig;
}

/** The events but the progress of steps, a line each. */
function bordersOf(events: readonly TurnEvent[]): string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'step_progress':
        return [];
      case 'step_completed': {
        const how = event.step_type === 'inference' ? event.result.stop_reason : event.status;
        return [`${event.type} ${event.step_type} ${how}`];
      }
      case 'step_started':
      case 'step_superseded':
        return [`${event.type} ${event.step_type}`];
      default:
        return [event.type];
    }
  });
}

function expectSession(events: readonly TurnEvent[], conversation: string): void {
  expect(events[0]).toMatchObject({ type: 'turn_started', session_id: conversation });
  expect(endOf(events)).toMatchObject({ session_id: conversation });
}

const endOf = (events: readonly TurnEvent[]) => ofType(events, 'turn_completed')[0];

function deltasOf<T extends 'text' | 'tool_call_issued'>(events: readonly TurnEvent[], type: T) {
  return ofType(events, 'step_progress').flatMap(({ delta }) => (isDelta(delta, type) ? [delta] : []));
}

function isDelta<D extends { readonly type: string }, T extends D['type']>(
  delta: D,
  type: T,
): delta is Extract<D, { type: T }> {
  return delta.type === type;
}

const streamedText = (events: readonly TurnEvent[]): string =>
  deltasOf(events, 'text')
    .map(({ text }) => text)
    .join('');

const toolStarts = (events: readonly TurnEvent[]) =>
  ofType(events, 'step_started').flatMap((event) =>
    event.step_type === 'tool_execution' ? [event.metadata] : [],
  );

const toolResults = (events: readonly TurnEvent[]) =>
  ofType(events, 'step_completed').flatMap((event) =>
    event.step_type === 'tool_execution' ? event.result.tool_responses : [],
  );

/** The types of the activities that were scheduled, in order. */
async function activitiesOf(rig: Rig, turnId: string): Promise<readonly string[]> {
  const { events } = await rig.client.workflow.getHandle(turnId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.activityType?.name ? [scheduled.activityType.name] : [],
  );
}

/** Type, role and text of an item. */
function gist(item: Awaited<ReturnType<ModelServer['itemsOf']>>[number]): string {
  if (item.type !== 'message') return item.type;
  const text = item.content.map((part) => ('text' in part ? part.text : '')).join('');
  return `message ${item.role} ${text}`;
}
