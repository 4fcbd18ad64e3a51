import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { defineTool } from './define-tool.js';
import type { ToolOptions } from './define-tool.js';
import type { ToolContext } from './tool.js';

const options: ToolOptions<{ text: string }> = {
  name: 'save_note',
  parameters: z.object({ text: z.string() }),
  execute: ({ text }) => text.length,
};
const define = (extra: object): unknown => defineTool({ ...options, ...extra });

test('a tool runs under its name, with our defaults', () => {
  expect(defineTool(options)).toMatchObject({
    activityName: 'save_note',
    failsTurn: false,
    maxOutputBytes: 262_144,
    toolType: 'function',
    declaration: { type: 'function', name: 'save_note', strict: true },
    activityOptions: {
      startToCloseTimeout: '5 minutes',
      heartbeatTimeout: '10s',
      retry: { maximumAttempts: 5 },
    },
  });
});

test("Temporal's options replace the defaults one by one", () => {
  const tool = defineTool({
    ...options,
    activityName: 'notes.save',
    onFailure: 'fail-turn',
    startToCloseTimeout: 1500,
    taskQueue: 'gpu',
    priority: { priorityKey: 2 },
    retry: { initialInterval: '2s' },
  });
  expect(tool).toMatchObject({ activityName: 'notes.save', failsTurn: true });
  expect(tool.activityOptions).toEqual({
    startToCloseTimeout: 1500,
    heartbeatTimeout: '10s',
    scheduleToStartTimeout: '5 minutes',
    taskQueue: 'gpu',
    priority: { priorityKey: 2 },
    retry: { maximumAttempts: 5, initialInterval: '2s' },
  });
});

test('unlimited attempts survive JSON', () => {
  expect(define({ retry: { maximumAttempts: Infinity } })).toHaveProperty('activityOptions.retry', {});
});

describe('is refused, with a ConfigurationError that names tool and option:', () => {
  test.each<[string, object, RegExp]>([
    ['an empty name', { name: '' }, /name/],
    ['a name with spaces', { name: 'save note' }, /name/],
    ['a name that is too long', { name: 'x'.repeat(65) }, /name/],
    ['an execute that is none', { execute: 'run' }, /execute/],
    ['no schema', { parameters: undefined }, /Standard Schema/],
    ['a plain JSON Schema', { parameters: { type: 'object' } }, /Standard Schema/],
    ['a schema of something else than an object', { parameters: z.string() }, /z\.object/],
    ['a schema that JSON cannot carry', { parameters: z.object({ at: z.date() }) }, /parameters: .*Date/],
    ['an option that does not exist', { timeout: '3s' }, /timeout is no option .*startToCloseTimeout/],
    [
      'a retry option that would be ignored',
      { retry: { maxAttempts: 3 } },
      /retry\.maxAttempts .*maximumAttempts/,
    ],
    ['a failure that nobody knows', { onFailure: 'fail' }, /onFailure .*tell-model/],
    ['a timeout that nobody knows', { onInputTimeout: 'reject' }, /onInputTimeout .*deny/],
    ['an approval that is no yes or no', { needsApproval: 'no' }, /needsApproval/],
    ['a description that is none', { description: 5 }, /description/],
    ['a duration that is none', { startToCloseTimeout: '5 mintues' }, /startToCloseTimeout "5 mintues"/],
    ['a timeout of 0', { heartbeatTimeout: 0 }, /heartbeatTimeout 0/],
    ['an endless timeout', { scheduleToCloseTimeout: Infinity }, /scheduleToCloseTimeout/],
    ['no attempts', { retry: { maximumAttempts: 0 } }, /maximumAttempts/],
    [
      'a back-off that shrinks below its start',
      { retry: { initialInterval: '1m', maximumInterval: '1s' } },
      /maximumInterval/,
    ],
    ['no room for output', { maxOutputBytes: 0 }, /maxOutputBytes/],
  ])('%s', (_name, extra, message) => {
    expect(() => define(extra)).toThrow(ConfigurationError);
    expect(() => define(extra)).toThrow(/^tool ".*": /);
    expect(() => define(extra)).toThrow(message);
  });
});

test('no options at all are refused with a ConfigurationError', () => {
  expect(() => defineTool(undefined as never)).toThrow(ConfigurationError);
});

test('a tool says what it takes the context of the turn for', async () => {
  const context = { customer: 'c_7' };
  const greet = defineTool({
    name: 'greet',
    parameters: z.object({ word: z.string() }),
    execute: ({ word }, turn: ToolContext<{ customer: string }>) => `${word}, ${turn.context?.customer}`,
  });
  expect(await greet.execute?.({ word: 'Hello' }, { context } as never)).toBe('Hello, c_7');
});
