// A turn as one trace, with Temporal's OpenTelemetryPlugin and our telemetry, through an in-memory exporter.

import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { Client } from '@temporalio/client';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { TurnClient } from '../src/client/index.js';
import { defineAgent, defineTool, DurableTurnsPlugin } from '../src/index.js';
import { openTelemetry } from '../src/otel/index.js';
import { eachTurn, reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { watch } from './support/watch.js';

const SECRETS = [
  'sk-secret-key',
  'PROMPT-TEXT',
  'INSTRUCTION-TEXT',
  'ANSWER-TEXT',
  'ARGUMENT-TEXT',
  'OUTPUT-TEXT',
];

const exporter = new InMemorySpanExporter();
const processor = new SimpleSpanProcessor(exporter);
let model: ScriptedResponsesServer;
let rig: Rig;
let turns: TurnClient;

beforeAll(async () => {
  // What NodeTracerProvider.register() or the NodeSDK do for an application.
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  const busy = reply.status(503, { retryAfter: 0 });
  const call = reply.functionCall('save_note', { text: 'ARGUMENT-TEXT' });
  const answer = reply.text('ANSWER-TEXT '.repeat(80), { perSecond: 60 });
  model = await ScriptedResponsesServer.start({
    script: eachTurn([busy, call, answer]),
  });
  const saveNote = defineTool({
    name: 'save_note',
    parameters: z.object({ text: z.string() }),
    retry: { maximumAttempts: 3, initialInterval: '50ms' },
    execute: (_args, { attempt }) => {
      if (attempt === 1) throw new TypeError('not yet');
      return 'OUTPUT-TEXT';
    },
  });
  const agent = defineAgent({
    name: 'assistant',
    model: 'scripted',
    instructions: 'INSTRUCTION-TEXT',
    request: { temperature: 0.5 },
    tools: [saveNote],
  });
  const openai = { apiKey: 'sk-secret-key', baseURL: model.url };
  const traces = new OpenTelemetryPlugin({ resource: resourceFromAttributes({}), spanProcessor: processor });
  rig = await startRig({
    agents: [agent],
    openai,
    worker: {
      plugins: [traces, new DurableTurnsPlugin({ agents: [agent], openai, telemetry: openTelemetry() })],
    },
  });
  const { connection, options } = rig.client;
  const client = new Client({ connection, namespace: options.namespace, plugins: [traces] });
  turns = new TurnClient({ client, taskQueue: rig.taskQueue });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
  trace.disable();
  context.disable();
  propagation.disable();
});

/** The turn's spans, without those of earlier tests. */
let spans: readonly ReadableSpan[];
let history: readonly string[];
let turnId: string;

beforeAll(async () => {
  const turn = await turns.start({ agent: 'assistant', input: 'PROMPT-TEXT', session_id: 'session-1' });
  await watch(turn);
  await turn.result();
  turnId = turn.turnId;
  // The workflow's spans leave its sandbox with the task that closed it; a stopped worker has none left.
  await rig.stopWorker();
  spans = exporter.getFinishedSpans();
  const { events } = await rig.client.workflow.getHandle(turnId).fetchHistory();
  history = (events ?? []).flatMap(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
  );
});

const TURN = 'invoke_agent assistant';
const named = (name: string): ReadableSpan[] => spans.filter((span) => span.name === name);
const attributesOf = (name: string): Attributes[] => named(name).map(({ attributes }) => attributes);
const parentOf = (span: ReadableSpan): string | undefined =>
  spans.find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId)?.name;

test('a turn with a tool and retries is one trace, from the client to the tools', () => {
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  const tree = spans.map((span) => `${parentOf(span)} > ${span.name}`);
  expect(tree.toSorted()).toEqual(
    [
      'undefined > StartWorkflow:agentTurn',
      'StartWorkflow:agentTurn > invoke_agent assistant',
      ...['infer', 'save_note', 'infer'].map((name) => `invoke_agent assistant > StartActivity:${name}`),
      ...['infer', 'infer', 'infer'].map((name) => `StartActivity:${name} > RunActivity:${name}`),
      ...['save_note', 'save_note'].map((name) => `StartActivity:${name} > RunActivity:${name}`),
      ...Array.from({ length: 3 }, () => 'RunActivity:infer > chat scripted'),
      ...Array.from({ length: 2 }, () => 'RunActivity:save_note > execute_tool save_note'),
      // A second attempt asks first whether the turn was cancelled.
      'RunActivity:infer > DescribeWorkflow',
    ].toSorted(),
  );
});

test('requests to the model say model, tokens and outcome', () => {
  const common = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.agent.name': 'assistant',
    'gen_ai.request.model': 'scripted',
    'gen_ai.request.temperature': 0.5,
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(model.url).port),
  };
  const answered = {
    ...common,
    'gen_ai.response.id': expect.stringMatching(/^resp_/) as unknown,
    'gen_ai.response.model': 'scripted',
    'gen_ai.usage.input_tokens': expect.any(Number) as unknown,
    'gen_ai.usage.output_tokens': expect.any(Number) as unknown,
    'gen_ai.response.time_to_first_chunk': expect.any(Number) as unknown,
  };
  expect(attributesOf('chat scripted')).toMatchObject([
    { ...common, 'error.type': 'ModelUnavailable', 'durable_turns.attempt': 1 },
    { ...answered, 'gen_ai.response.finish_reasons': ['tool_calls'], 'durable_turns.attempt': 2 },
    { ...answered, 'gen_ai.response.finish_reasons': ['end_of_turn'], 'durable_turns.response': 2 },
  ]);
  expect(named('chat scripted').map(({ kind, status }) => [kind, status.code])).toEqual([
    [SpanKind.CLIENT, SpanStatusCode.ERROR],
    [SpanKind.CLIENT, SpanStatusCode.UNSET],
    [SpanKind.CLIENT, SpanStatusCode.UNSET],
  ]);
});

test('each run of a tool is an execute_tool span', () => {
  const call = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'save_note',
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': expect.stringMatching(/^call_/) as unknown,
  };
  const runs = attributesOf('execute_tool save_note');
  expect(runs).toMatchObject([
    { ...call, 'error.type': 'TypeError', 'durable_turns.attempt': 1 },
    { ...call, 'durable_turns.attempt': 2 },
  ]);
  expect(runs[1]).not.toHaveProperty('error.type');
});

test("the turn's span sums up", async () => {
  const { usage, num_steps } = await turns.getHandle(turnId).result();
  expect(attributesOf(TURN)).toMatchObject([
    {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'assistant',
      'gen_ai.conversation.id': 'session-1',
      'gen_ai.usage.input_tokens': usage.input_tokens,
      'gen_ai.usage.output_tokens': usage.output_tokens,
      'durable_turns.turn_id': turnId,
      'durable_turns.status': 'completed',
      'durable_turns.steps': num_steps,
    },
  ]);
});

test('published events leave no spans', () => {
  expect(history.filter((name) => name === 'publish').length).toBeGreaterThan(3);
  expect(spans.filter(({ name }) => /publish|Signal/.test(name))).toEqual([]);
});

test('no key and nothing that was said is in a span', () => {
  const told = JSON.stringify(
    spans.map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links })),
  );
  expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([]);
});
