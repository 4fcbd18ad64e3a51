import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../agents/define-tool.js';
import { toolOutput } from './tool-output.js';

const tool = (maxOutputBytes = 100) =>
  defineTool({ name: 'look', parameters: z.object({}), execute: () => 1, maxOutputBytes });

describe('the model is told', () => {
  const parts = [
    { type: 'input_text', text: 'a' },
    { type: 'input_image', image_url: 'https://x' },
    { type: 'input_file', file_id: 'file_1' },
  ];
  test.each<[unknown, unknown]>([
    ['text', 'text'],
    ['', ''],
    [undefined, ''],
    [null, ''],
    [3, '3'],
    [false, 'false'],
    [{ a: [1] }, '{"a":[1]}'],
    [[], '[]'],
    [[{ type: 'input_text', text: 'a' }, 1], '[{"type":"input_text","text":"a"},1]'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('%j as %j', (returned, output) => {
    expect(toolOutput(tool(), returned)).toEqual(output);
  });

  test('content parts as they are', () => {
    expect(toolOutput(tool(500), parts)).toEqual(parts);
  });
});

describe('fails for good', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  test.each([[() => 1], [Symbol('x')], [1n], [circle]])('with what JSON cannot carry', (returned) => {
    expect(() => toolOutput(tool(), returned)).toThrow(
      expect.objectContaining({ type: 'ToolOutputInvalid', nonRetryable: true }),
    );
  });

  test('with more bytes than maxOutputBytes, and not with as many', () => {
    expect(toolOutput(tool(4), 'ää')).toBe('ää');
    expect(() => toolOutput(tool(4), 'äää')).toThrow(
      /look returned 6 bytes, more than its maxOutputBytes of 4/,
    );
  });
});
