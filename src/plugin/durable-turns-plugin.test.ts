import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError } from '../agents/configuration-error.js';
import { defineAgent } from '../agents/define-agent.js';
import { defineTool } from '../agents/define-tool.js';
import { DurableTurnsPlugin } from './durable-turns-plugin.js';

const add = defineTool({ name: 'add', parameters: z.object({}), execute: () => 3 });
const agent = defineAgent({ name: 'assistant', model: 'm', tools: [add] });
const openai = { apiKey: 'k' };
const plugin = () => new DurableTurnsPlugin({ agents: [agent], openai });
const taskQueue = 'q';
const mine = (): Promise<void> => Promise.resolve();

describe('a worker with the plugin', () => {
  test('has our workflows and activities, and hears of a cancel within a second', () => {
    const configured = plugin().configureWorker({ taskQueue });
    expect(Object.keys(configured.activities ?? {}).toSorted()).toEqual([
      'add',
      'complete_conversation',
      'infer',
      'make_conversation',
      'release_response',
      'turn_report',
    ]);
    expect(configured.workflowsPath).toMatch(/src\/workflows\/index\.ts$/);
    expect(configured.maxHeartbeatThrottleInterval).toBe(1000);
  });

  test('keeps what it has of its own', () => {
    const configured = plugin().configureWorker({
      taskQueue,
      activities: { mine },
      workflowsPath: '/mine.ts',
      maxHeartbeatThrottleInterval: '3s',
    });
    expect(configured).toMatchObject({
      taskQueue,
      activities: { mine },
      workflowsPath: '/mine.ts',
      maxHeartbeatThrottleInterval: '3s',
    });
  });

  test('with a bundle of its own is given no path', () => {
    const workflowBundle = { codePath: '/bundle.js' };
    expect(plugin().configureWorker({ taskQueue, workflowBundle })).not.toHaveProperty(
      'workflowsPath',
      expect.any(String),
    );
  });

  test('is the same when the plugin is applied twice', () => {
    const one = plugin();
    const once = one.configureWorker({ taskQueue, activities: { mine } });
    expect(one.configureWorker(once)).toEqual(once);
  });

  test('shares nothing that stops with the other workers of the plugin', () => {
    const one = plugin();
    const infer = () => (one.configureWorker({ taskQueue }).activities as { infer: unknown }).infer;
    expect(infer()).not.toBe(infer());
  });

  test('replays with our workflows too', () => {
    expect(plugin().configureReplayWorker({}).workflowsPath).toMatch(/src\/workflows\/index\.ts$/);
  });
});

describe('is refused with a ConfigurationError:', () => {
  test('an activity under the name of a tool', () => {
    const configure = () => plugin().configureWorker({ taskQueue, activities: { add: mine } });
    expect(configure).toThrow(ConfigurationError);
    expect(configure).toThrow(/activity add exists twice: .*activityName/);
  });

  test('an activity under the name of ours, and a second plugin of ours', () => {
    expect(() => plugin().configureWorker({ taskQueue, activities: { infer: mine } })).toThrow(
      /infer exists twice/,
    );
    const first = plugin().configureWorker({ taskQueue });
    expect(() => plugin().configureWorker(first)).toThrow(/one DurableTurnsPlugin/);
  });

  test.each<[string, unknown, RegExp]>([
    ['no options', undefined, /agents, tools or both/],
    ['an option that would be ignored', { agents: [agent], apiKey: 'k' }, /apiKey .*openai/],
    ['an agent in place of a list', { agents: agent }, /agents must be a list/],
    ['a tool in place of a list', { tools: add }, /tools must be a list/],
  ])('%s', (_name, options, message) => {
    const make = () => new DurableTurnsPlugin(options as never);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  });

  test('agents that nobody can ask for', () => {
    expect(() => new DurableTurnsPlugin({ agents: [agent, agent], openai })).toThrow(
      /two agents are named assistant/,
    );
    expect(() => new DurableTurnsPlugin({ agents: [agent], openai: { apiKey: 'k', baseURL: 'x' } })).toThrow(
      ConfigurationError,
    );
  });
});

test('agents that bring a client need none of the plugin', () => {
  const own = defineAgent({ name: 'own', model: 'm', openai: { responses: {} } as never });
  expect(() => new DurableTurnsPlugin({ agents: [own], openai: { baseURL: 'x' } })).not.toThrow();
});

describe('bundling', () => {
  const options = { workflowsPath: '/app/workflows.ts' };

  test("puts our entry in the place of the user's file, which it finds by an alias", () => {
    const configured = plugin().configureBundler(options);
    expect(configured.workflowsPath).toMatch(/src\/workflows\/entry\.ts$/);
    expect(configured.webpackConfigHook?.({})).toMatchObject({
      resolve: { alias: { 'durable-turns-user-workflows$': '/app/workflows.ts' } },
    });
  });

  test("keeps the user's own hook, which has the last word", () => {
    const configured = plugin().configureBundler({
      ...options,
      webpackConfigHook: (config) => ({ ...config, name: 'mine' }),
    });
    expect(configured.webpackConfigHook?.({})).toMatchObject({ name: 'mine', resolve: expect.anything() });
  });

  test('keeps aliases, as an object or as a list', () => {
    const hook = plugin().configureBundler(options).webpackConfigHook;
    expect(hook?.({ resolve: { alias: { a: '/a' } } })).toMatchObject({ resolve: { alias: { a: '/a' } } });
    expect(hook?.({ resolve: { alias: [{ name: 'a', alias: '/a' }] } }).resolve?.alias).toHaveLength(2);
  });

  test('is the same when the plugin is applied twice', () => {
    const once = plugin().configureBundler(options);
    expect(plugin().configureBundler(once)).toEqual(once);
  });

  test('leaves our own workflows alone', () => {
    const { workflowsPath } = plugin().configureWorker({ taskQueue });
    const ours = { workflowsPath: workflowsPath ?? '' };
    expect(plugin().configureBundler(ours)).toMatchObject(ours);
    expect(plugin().configureBundler(ours).webpackConfigHook).toBeUndefined();
  });
});
