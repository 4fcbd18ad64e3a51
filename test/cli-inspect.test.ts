// `durable-turns inspect` as a process: what goes in, what comes out, and the exit code.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type { JsonObject, TurnEvent } from '../src/events/index.js';
import { programArgs } from './support/programs.js';
import { added, completed, created, done, functionCall, message, textDelta } from './support/synthesis.js';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'durable-turns-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (events: readonly unknown[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

function recording(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function inspect(
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const cli = programArgs('src/cli/main.ts', inject('programs'));
  const child = spawn(process.execPath, [...cli, 'inspect', ...args], { cwd: root });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, out, err };
}

const eventsOf = (out: string): readonly TurnEvent[] =>
  out
    .trim()
    .split('\n')
    .map((line): TurnEvent => JSON.parse(line));

function response(id: string, events: readonly JsonObject[], output: readonly JsonObject[]): string {
  const of = { id, model: 'the-model', created_at: 1_700_000_000 };
  return lines([
    { ...created, response: { ...of, output: [] } },
    ...events,
    completed(output, { ...of, usage: { input_tokens: 1, output_tokens: 2 } }),
  ]);
}

const call = functionCall('fc_1', '{"text":"x"}');
const asking = response('resp_1', [added(functionCall('fc_1', '')), done(call)], [call]);
const answering = response(
  'resp_2',
  [added({ type: 'message', id: 'msg_1', content: [] }), textDelta('msg_1', 'Done.')],
  [message('msg_1', 'Done.')],
);

describe('durable-turns inspect', () => {
  test('prints the turn of several recordings as JSON lines', async () => {
    const files = [recording('1.jsonl', asking), recording('2.jsonl', answering)];
    const { code, out } = await inspect(files);
    expect(code).toBe(0);
    const events = eventsOf(out);
    expect(events.map(({ type }) => type)).toEqual([
      'turn_started',
      'step_started',
      'step_progress',
      'step_progress',
      'step_completed',
      'step_started',
      'step_completed',
      'step_started',
      'step_progress',
      'step_completed',
      'turn_completed',
    ]);
    expect(events.at(-1)).toMatchObject({
      at: '2023-11-14T22:13:20.000Z',
      final_text: 'Done.',
      num_steps: 3,
      response_ids: ['resp_1', 'resp_2'],
      usage: { input_tokens: 2, output_tokens: 4, total_tokens: 6 },
    });
  });

  test('leaves a turn open whose calls nobody answered, and reads standard input', async () => {
    const { code, out } = await inspect([], asking);
    expect(code).toBe(0);
    expect(eventsOf(out).at(-1)).toMatchObject({
      type: 'step_completed',
      result: { stop_reason: 'tool_calls', function_calls: [{ arguments: '{"text":"x"}' }] },
    });
  });

  test('prints as the event logger does with --pretty', async () => {
    const { out } = await inspect(['--pretty', '-'], asking + answering);
    expect(out).toBe(
      '🤔 \n📞 Function call: save_note({"text":"x"})\n🔧 Executing function tools (client-side)...\n🤔 Done.\n',
    );
  });

  test.each([
    ['{"type":1', ':2: no JSON'],
    ['[]', ':2: no event: a JSON object is expected'],
    ['{"kind":"x"}', ':2: no event: it has no type'],
  ])('names file, line and fault of the broken line %s, with exit code 2', async (broken, said) => {
    const file = recording('broken.jsonl', `${JSON.stringify(created)}\n${broken}\n`);
    const { code, out, err } = await inspect([file]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(file + said);
  });

  test.each([[['no-such-file.jsonl']], [['--no-such-option']]])(
    'refuses %j with exit code 2',
    async (args) => {
      const { code, out, err } = await inspect(args);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain(args[0]?.replace(/^-+/, ''));
    },
  );
});
