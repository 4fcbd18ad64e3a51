// `durable-turns` as a process against real turns: what stands on standard output, what beside it, and how it ends.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { z } from 'zod';
import type { EventWithId } from '../src/client/index.js';
import { run } from '../src/cli/run.js';
import type { TurnProgress } from '../src/events/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { ScriptedResponsesServer, startProxy } from '../src/testing/index.js';
import { programArgs } from './support/programs.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { linesOf, runCli, startCli } from './support/run-cli.js';

let model: ScriptedResponsesServer;
let rig: Rig;
/** Nothing ends by itself here until the gate opens. */
let open: () => void;
const gate = new Promise<void>((resolve) => {
  open = resolve;
});

beforeAll(async () => {
  model = await ScriptedResponsesServer.start();
  const refund = defineTool({
    name: 'refund',
    parameters: z.object({ cents: z.int() }),
    needsApproval: true,
    execute: ({ cents }) => `refunded ${cents}`,
  });
  const wait = defineTool({
    name: 'wait',
    parameters: z.object({}),
    execute: async (_args, { signal }) => {
      await Promise.race([gate, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      return 'waited';
    },
  });
  rig = await startRig({
    agents: [
      defineAgent({ name: 'assistant', model: 'scripted' }),
      defineAgent({ name: 'brief', model: 'scripted', request: { max_output_tokens: 2 } }),
      defineAgent({ name: 'clerk', model: 'scripted', tools: [refund] }),
      defineAgent({ name: 'waiter', model: 'scripted', tools: [wait] }),
    ],
    openai: { apiKey: 'k', baseURL: model.url },
  });
});

afterAll(async () => {
  open();
  await rig?.stop();
  await model?.stop();
});

const eventsOf = (stdout: string) => linesOf(stdout) as readonly EventWithId[];
const newId = (): string => `cli-${randomUUID().slice(0, 8)}`;
const queue = () => ({ TASK_QUEUE: rig.taskQueue });
/** Stack traces are for us, not for users. */
const TRACE = /\n\s+at \S/;

/** The command line in this process, for what needs none of its own. */
async function runHere(args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const exit = await run([...args, ...(args.includes('--address') ? [] : temporalFlags(args))], {
    env: {},
    readFile: () => Promise.reject(new Error('no files here')),
    readStdin: () => Promise.resolve(''),
    readLines: () => {
      throw new Error('nobody types here');
    },
    stdinIsTerminal: false,
    out: async (text) => void (written.stdout += text),
    err: (text) => void (written.stderr += text),
    onInterrupt: () => () => undefined,
  });
  return { exit, ...written };
}

function temporalFlags(args: readonly string[]): readonly string[] {
  const namespace = args.includes('--namespace') ? [] : ['--namespace', inject('temporalNamespace')];
  return ['--address', inject('temporalAddress'), ...namespace];
}

async function waiting(agent: 'clerk' | 'waiter', input: string) {
  const turn = await rig.turns.start({ agent, input }, { turnId: newId() });
  for await (const event of turn.events()) {
    if (
      event.type === (agent === 'clerk' ? 'input_required' : 'step_started') &&
      event.step_id.includes('.z')
    )
      break;
  }
  return turn;
}

describe('start', () => {
  test('prints the id alone, and the result is there for result, show and list', async () => {
    const turnId = newId();
    const started = await runCli(['start', 'assistant', 'Count to 3.', '--turn-id', turnId], {
      env: queue(),
    });
    expect(started).toMatchObject({ exit: 0, stdout: `${turnId}\n` });
    expect(started.stderr).toBe(`Watch it:  durable-turns watch ${turnId}\n`);

    expect(await runCli(['result', turnId])).toMatchObject({ exit: 0, stdout: '1, 2, 3.\n', stderr: '' });
    const json = await runCli(['result', turnId, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ type: 'turn_completed', final_text: '1, 2, 3.' });

    const shown = await runCli(['show', turnId]);
    expect(shown).toMatchObject({ exit: 0, stderr: '' });
    expect(shown.stdout).toMatch(
      new RegExp(`^Turn +${turnId}\nAgent +assistant\nAsked +Count to 3\\.\nState +completed\n`),
    );
    expect(shown.stdout).toMatch(/^1 +inference +completed/m);
    expect(shown.lastLine).toBe('1, 2, 3.');

    await vi.waitFor(
      async () => {
        const listed = await runCli(['list', '--agent', 'assistant', '--status', 'completed', '--json']);
        expect(linesOf(listed.stdout)).toContainEqual(
          expect.objectContaining({ turn_id: turnId, agent: 'assistant', status: 'completed' }),
        );
      },
      { timeout: 60_000 },
    );
    const table = await runCli(['list', '--limit', '200']);
    expect(table.stdout).toMatch(/^TURN +AGENT +STATUS +STARTED +TOOK +SESSION\n/);
    expect(table.stdout).toMatch(new RegExp(`^${turnId} +assistant +completed +20`, 'm'));
    expect(table.stderr).toBe('');
  });

  test('a list that ends at its limit says that there are more, and an empty one that nothing matches', async () => {
    const agent = newId();
    const turns = [1, 2].map((n) => rig.turns.start({ agent, input: `Turn ${n}.` }, { turnId: newId() }));
    await Promise.all(turns);
    const list = (...args: readonly string[]) => runHere(['list', '--agent', agent, ...args]);
    await vi.waitFor(async () => expect(linesOf((await list('--json')).stdout)).toHaveLength(2), {
      timeout: 60_000,
    });
    const cut = await list('--limit', '1', '--json');
    expect(linesOf(cut.stdout)).toHaveLength(1);
    expect(cut.stderr).toBe('There are more; --limit shows more than 1.\n');
    expect(await list('--limit', '2', '--json')).toMatchObject({ stderr: '' });
    expect(await list('--session', 'none')).toMatchObject({ exit: 0, stderr: 'Nothing matches.\n' });
  });

  test('takes the input from standard input and prints the turn as it happens', async () => {
    const ended = await runCli(['start', 'assistant', '--watch', '--session', 'desk'], {
      input: 'It\'s "$HOME" & `more`\n',
      env: queue(),
    });
    expect(ended).toMatchObject({ exit: 0, stderr: expect.stringMatching(/^Turn desk\/[\w-]+\n$/) });
    expect(ended.stdout).toContain('You said: "It\'s "$HOME" & `more`".');
    const json = await runCli(['start', 'assistant', '--watch', '--json', 'Hello'], { env: queue() });
    const events = eventsOf(json.stdout);
    expect(events[0]).toMatchObject({ type: 'turn_started', id: expect.any(String) });
    expect(events.at(-1)).toMatchObject({ type: 'turn_completed' });
  });

  test('says that no worker is there, and starts all the same', async () => {
    const ended = await runCli(['start', 'assistant', 'Hello', '--task-queue', 'nobody-polls']);
    expect(ended).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('No worker polls the task queue "nobody-polls"'),
    });
    expect(await runCli(['cancel', ended.stdout.trim()])).toMatchObject({ exit: 0 });
  });
});

describe('watch', () => {
  test('is left by Ctrl-C, leaves the turn running, and goes on where it was', async () => {
    const turn = await waiting('waiter', 'Please wait.');
    const watch = startCli(['watch', turn.turnId, '--json']);
    await watch.said(/"tool_name":"wait"[^\n]*\n/);
    watch.end('SIGINT');
    const left = await watch.done;
    expect(left).toMatchObject({ exit: 130 });
    const again = /durable-turns (watch \S+ --after \S+)\n/.exec(left.stderr)?.[1]?.split(' ') ?? [];
    expect(await turn.progress()).toMatchObject({ state: 'running' });

    open();
    const rest = await runCli([...again, '--json']);
    expect(rest).toMatchObject({ exit: 0 });
    const seen = [...eventsOf(left.stdout), ...eventsOf(rest.stdout)];
    const all: EventWithId[] = [];
    for await (const event of turn.events()) all.push(event);
    expect(seen).toEqual(all);
    expect(await runCli(['watch', turn.turnId, '--after', all.at(-1)?.id ?? ''])).toMatchObject({
      exit: 0,
      stdout: '',
    });
  });

  test('goes on by itself when Temporal was away, and says what it waits for', async ({ onTestFinished }) => {
    const proxy = await startProxy({ target: inject('temporalAddress') });
    onTestFinished(() => proxy.stop());
    const turn = await waiting('clerk', 'Refund 8 cents.');
    const watch = startCli(['watch', turn.turnId, '--json', '--address', proxy.address]);
    await watch.said(/"input_required"[^\n]*\n/);
    proxy.refuse();
    await watch.said(/Temporal does not answer/);
    const [asked] = (await turn.progress()).inputs;
    if (asked) await turn.approve(asked);
    await turn.result();
    proxy.resume();

    const { exit, stdout } = await watch.done;
    expect(exit).toBe(0);
    const all: EventWithId[] = [];
    for await (const event of turn.events()) all.push(event);
    expect(eventsOf(stdout)).toEqual(all);
  });

  test('is quiet when nobody reads on', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'Count to 2000.' }, { turnId: newId() });
    await turn.result();
    const [main = ''] = programArgs('src/cli/main.ts', inject('programs'));
    const command = `"${process.execPath}" "${main}" watch ${turn.turnId} --json | head -n 1`;
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], {
      cwd: join(import.meta.dirname, '..'),
      env: {
        ...process.env,
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        TEMPORAL_NAMESPACE: inject('temporalNamespace'),
      },
    });
    expect(linesOf(stdout)).toMatchObject([{ type: 'turn_started' }]);
    expect(stderr).toBe('');
  });
});

describe('standard output and standard error', () => {
  /** In a shell, behind the command line in words of the shell: `then` is what becomes of the output. */
  async function inShell(args: string, then: string): Promise<{ stdout: string; stderr: string }> {
    const [main = ''] = programArgs('src/cli/main.ts', inject('programs'));
    const command = `{ "${process.execPath}" "${main}" ${args}; echo "exit $?" >&3; } ${then}`;
    return promisify(execFile)('sh', ['-c', `{ ${command}; } 3>&1`]);
  }

  test('that nobody reads change nothing about the exit code of a mistake', async () => {
    expect(await inShell('inspect no-such-file', '2>&1 >/dev/null | true')).toMatchObject({
      stdout: 'exit 2\n',
    });
  });

  test('that cannot be written end the command with a sentence', async () => {
    const { stdout, stderr } = await inShell('--help', '>/dev/full');
    expect(stdout).toBe('exit 70\n');
    expect(stderr).toMatch(/^durable-turns: Standard output cannot be written: .*ENOSPC.*\n$/);
  });
});

describe('approve and deny', () => {
  test('answer the one question that is open; show tells how', async () => {
    const turn = await waiting('clerk', 'Refund 4200 cents.');
    const shown = await runCli(['show', turn.turnId]);
    const [, inputId = ''] =
      new RegExp(`^  durable-turns approve ${turn.turnId} (\\S+)$`, 'm').exec(shown.stdout) ?? [];
    expect(shown.stdout).toMatch(/^Asked +Refund 4200 cents\.$/m);
    expect(shown.stdout).toMatch(/^State +waiting$/m);
    expect(await runCli(['deny', turn.turnId, 'no-such-input'])).toMatchObject({ exit: 2, stdout: '' });

    const approved = await runCli(['approve', turn.turnId, '--by', 'ada', '--json']);
    expect(approved).toMatchObject({ exit: 0, stderr: '' });
    expect(JSON.parse(approved.stdout)).toMatchObject({ input_id: inputId, decision: 'approve', by: 'ada' });
    expect((await runCli(['result', turn.turnId])).stdout).toContain('refunded');

    expect(await runCli(['approve', turn.turnId, inputId])).toMatchObject({ exit: 0 });
    expect(await runCli(['deny', turn.turnId, inputId])).toMatchObject({ exit: 2 });
    const none = await runCli(['approve', turn.turnId]);
    expect(none).toMatchObject({ exit: 2, stderr: expect.stringContaining('asks nothing now') });
  });

  test('deny tells the model why', async () => {
    const turn = await waiting('clerk', 'Refund 1 cent.');
    const watch = startCli(['watch', turn.turnId]);
    await watch.said(/durable-turns deny/);
    expect(await runCli(['deny', turn.turnId, '--reason', "that's too much"])).toMatchObject({ exit: 0 });
    const { exit, stdout } = await watch.done;
    expect(exit).toBe(0);
    expect(stdout).toContain("▶ Denied: refund · that's too much");
  });
});

describe('chat', () => {
  test('is one session: each line a turn, approvals asked in between', async () => {
    const session = newId();
    const input = 'Count to 3.\n\nRefund 5 cents.\nmaybe\nno, it is gone\nWhat did I say before?\n';
    const chat = await runCli(['chat', 'clerk', '--session', session], { input, env: queue() });
    expect(chat).toMatchObject({ exit: 0 });
    expect(chat.stdout).toContain('▶ Denied: refund · it is gone');
    expect(chat.stderr.match(/Allow refund\(/g)).toHaveLength(2);
    expect(chat.stderr).toContain(`Go on with it:  durable-turns chat clerk --session ${session}\n`);
    const states = (await rig.turns.session(session).turns()).map(({ state }) => state);
    expect(states).toEqual(['completed', 'completed', 'completed']);
  });

  test('ends with its input, and says how the call that nobody decided can be', async () => {
    const session = newId();
    const chat = await runCli(['chat', 'clerk', '--session', session], {
      input: 'Refund 7 cents.\n',
      env: queue(),
    });
    const [turn] = await rig.turns.session(session).turns();
    expect(turn).toMatchObject({ state: 'running' });
    expect(chat.exit).toBe(2);
    const [, decide = ''] = /Decide with {2}durable-turns (.+?) {2}\(or deny\)/.exec(chat.stderr) ?? [];
    expect(chat.stderr).toContain(`durable-turns result ${turn?.turn_id ?? ''}\n`);

    expect(await runCli(decide.split(' '))).toMatchObject({ exit: 0 });
    expect(await runCli(['result', turn?.turn_id ?? ''])).toMatchObject({ exit: 0 });
  });

  test('cancels the turn that runs on Ctrl-C, and is left by another one', async () => {
    const session = newId();
    const chat = startCli(['chat', 'clerk', '--session', session], {
      input: { open: 'Refund 6 cents.\n' },
      env: queue(),
    });
    await chat.said(/Allow refund/);
    chat.end('SIGINT');
    await chat.said(/⏹ Turn cancelled/);
    chat.end('SIGINT');
    expect(await chat.done).toMatchObject({ exit: 0 });
    const [turn] = await rig.turns.session(session).turns();
    expect(turn).toMatchObject({ state: 'cancelled' });
  });
});

describe('the exit code', () => {
  test('tells how the turn ended', async () => {
    const cancelled = await waiting('clerk', 'Refund 2 cents.');
    expect(await runCli(['cancel', cancelled.turnId])).toMatchObject({ exit: 0, stdout: '' });
    expect(await runCli(['watch', cancelled.turnId])).toMatchObject({ exit: 3 });
    expect(await runCli(['result', cancelled.turnId])).toMatchObject({
      exit: 3,
      stdout: '',
      stderr: 'The turn was cancelled.\n',
    });

    const failed = await runCli(['start', 'nobody', 'Hello', '--watch'], { env: queue() });
    expect(failed).toMatchObject({ exit: 1, stdout: expect.stringContaining('❌ Turn failed') });
    const turnId = /Turn (\S+)/.exec(failed.stderr)?.[1] ?? '';
    expect(await runCli(['result', turnId])).toMatchObject({
      exit: 1,
      stdout: '',
      stderr: expect.stringContaining('Pass the agent to DurableTurnsPlugin'),
    });

    expect(await runCli(['start', 'brief', 'Say much.', '--watch'], { env: queue() })).toMatchObject({
      exit: 4,
    });
  });

  test.each([
    [['show', 'no-such-turn'], 2, 'No turn "no-such-turn" is known'],
    [['watch', 'no-such-turn'], 2, 'No turn "no-such-turn" is known'],
    [['cancel', 'no-such-turn'], 2, 'No turn "no-such-turn" is known'],
    [['watch', 'x', '--after', 'junk'], 2, '"junk" is no cursor'],
    [['list', '--status', 'done'], 2, 'status must be one of running'],
    [['list', '--started-after', 'soon'], 2, 'startedAfter must be a time'],
    [['list', '--limit', 'many'], 2, '--limit takes a whole number'],
    [['start', 'assistant'], 2, 'standard input is empty'],
    [['start', 'assistant', 'Hi', '--session', 's', '--turn-id', 't'], 2, 'use --message-id'],
    [['start', 'assistant', 'two', 'words'], 2, 'too many arguments'],
    [['wacth', 'x'], 2, 'Did you mean watch?'],
    [['show', 'x', '--profile', 'nope'], 2, "Profile 'nope' not found"],
    [['show', 'x', '--address', '127.0.0.1:1'], 69, 'No Temporal server answers at 127.0.0.1:1'],
    [['start', 'a', 'b', '--namespace', 'no-such-namespace'], 2, 'TEMPORAL_NAMESPACE'],
    [['list', '--namespace', 'no-such-namespace'], 2, 'TEMPORAL_NAMESPACE'],
    [['show', 'x', '--namespace', 'no-such-namespace'], 2, 'TEMPORAL_NAMESPACE'],
    [['watch', 'x', '--namespace', 'no-such-namespace'], 2, 'TEMPORAL_NAMESPACE'],
    [['cancel', 'x', '--namespace', 'no-such-namespace'], 2, 'TEMPORAL_NAMESPACE'],
    [['start', 'a', 'b', '--turn-id', ''], 2, 'turnId is empty'],
  ] as const)('of %j is %i, with a sentence and no stack trace', async (args, exit, said) => {
    const ended = await runHere(args);
    expect(ended).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(said) });
    expect(ended.stderr).not.toMatch(TRACE);
  });
});

test('who waits for a server that is not there is told why, before the command gives up', async () => {
  const { stderr } = await runHere(['show', 'x', '--address', '127.0.0.1:1']);
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^No Temporal server answers at 127\.0\.0\.1:1 so far; trying for \d s more\./),
    expect.stringMatching(/^durable-turns: No Temporal server answers at 127\.0\.0\.1:1/),
    '',
  ]);
});

test('a turn id in a hint is one word for the shell', async () => {
  const turnId = `it's; echo $HOME "${newId()}"`;
  const ended = await runCli(['start', 'assistant', 'Hello', '--turn-id', turnId], { env: queue() });
  const line = /^Watch it: {2}(.*)$/m.exec(ended.stderr)?.[1] ?? '';
  const words = line.replace('durable-turns', String.raw`printf '%s\n'`);
  const { stdout } = await promisify(execFile)('sh', ['-c', words]);
  expect(stdout).toBe(`watch\n${turnId}\n`);
});

test('a turn that waits is told as JSON like everywhere else', async () => {
  const turn = await waiting('clerk', 'Refund 3 cents.');
  const { stdout } = await runCli(['show', turn.turnId, '--json']);
  expect(JSON.parse(stdout) as TurnProgress).toEqual(JSON.parse(JSON.stringify(await turn.progress())));
  await turn.cancel();
});
