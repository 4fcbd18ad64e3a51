import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { activityTool } from './activity-tool.js';
import { builtinTool } from './builtin-tool.js';
import { ConfigurationError } from './configuration-error.js';
import { defineTool } from './define-tool.js';
import { workflowTool } from './workflow-tool.js';

const parameters = z.object({ id: z.int() });

test('a custom tool is given the text as it is', async () => {
  const tool = defineTool({ type: 'custom', name: 'sql', execute: (text) => text.length });
  expect(tool.declaration).toEqual({ type: 'custom', name: 'sql' });
  expect(await tool.parse('SELECT "')).toEqual({ value: 'SELECT "' });
});

test('a built-in tool is declared as OpenAI writes it, with what is added', () => {
  const execute = () => ({ type: 'computer_screenshot', image_url: 'x' }) as const;
  const declaration = { type: 'computer_use_preview', display_width: 800 };
  expect(builtinTool('computer', { execute, declaration })).toMatchObject({ name: 'computer', declaration });
  expect(builtinTool('computer', { execute }).declaration).toEqual({ type: 'computer' });
});

test('an activity has no heartbeat timeout unless it says so', () => {
  expect(activityTool({ name: 'ship', parameters }).activityOptions).toEqual({
    startToCloseTimeout: '5 minutes',
    retry: { maximumAttempts: 5 },
  });
});

test('a workflow has no time limit unless it says so', () => {
  expect(workflowTool({ name: 'review', parameters }).activityOptions).toEqual({});
  const limited = workflowTool({
    name: 'review',
    parameters,
    workflowRunTimeout: '2h',
    taskQueue: 'q',
    retry: { maximumAttempts: 2 },
  });
  expect(limited.activityOptions).toEqual({
    workflowRunTimeout: 7_200_000,
    taskQueue: 'q',
    retry: { maximumAttempts: 2 },
  });
});

describe('is refused with a ConfigurationError:', () => {
  const execute = () => 'x';
  test.each<[string, () => unknown, RegExp]>([
    [
      'a custom tool with parameters',
      () => defineTool({ type: 'custom', name: 'a', parameters } as never),
      /leave out parameters/,
    ],
    [
      'a function with a format',
      () => defineTool({ name: 'a', parameters, format: {} } as never),
      /type "custom"/,
    ],
    ['a built-in tool that is none', () => builtinTool('telnet' as never, {} as never), /one of shell/],
    ['a built-in tool that nobody runs', () => builtinTool('local_shell', {} as never), /execute/],
    [
      'an execute for an activity',
      () => activityTool({ name: 'a', parameters, execute } as never),
      /execute/,
    ],
    [
      'a timeout of an activity for a workflow',
      () => workflowTool({ name: 'a', parameters, startToCloseTimeout: 1 } as never),
      /startToCloseTimeout is no option/,
    ],
    [
      'a duration that is none',
      () => workflowTool({ name: 'a', parameters, workflowRunTimeout: 'soon' as never }),
      /soon/,
    ],
  ])('%s', (_name, make, message) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  });
});
