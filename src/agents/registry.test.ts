import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { defineAgent } from './define-agent.js';
import { defineTool } from './define-tool.js';
import type { ToolOptions } from './define-tool.js';
import { registryOf } from './registry.js';

const tool = (name: string, extra: Partial<ToolOptions<object>> = {}) =>
  defineTool({ name, parameters: z.object({}), execute: () => name, ...extra });
const agent = (name: string, ...tools: ReturnType<typeof tool>[]) => defineAgent({ name, model: 'm', tools });

test('holds agents by name, and the tools of all of them by activity name', () => {
  const shared = tool('add');
  const other = tool('sub', { activityName: 'math.sub' });
  const registry = registryOf([agent('a', shared), agent('b', shared, other)]);
  expect([...registry.agents.keys()]).toEqual(['a', 'b']);
  expect([...registry.tools]).toEqual([
    ['add', shared],
    ['math.sub', other],
  ]);
});

describe('refuses', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['two agents of one name', () => registryOf([agent('a'), agent('a')]), /two agents are named a/],
    [
      'two tools of one activity',
      () => registryOf([agent('a', tool('add')), agent('b', tool('add'))]),
      /activity add/,
    ],
    ['a tool in the place of the inference', () => registryOf([agent('a', tool('infer'))]), /activityName/],
    ['what is no agent', () => registryOf([{ name: 'a' } as never]), /defineAgent/],
  ])('%s', (_name, make, message) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  });

  test('not a tool named infer that runs as another activity', () => {
    const renamed = tool('infer', { activityName: 'infer_cause' });
    expect(registryOf([agent('a', renamed)]).tools.get('infer_cause')).toBe(renamed);
  });
});
