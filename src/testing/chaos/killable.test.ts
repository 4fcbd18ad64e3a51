import { afterEach, expect, test } from 'vitest';
import { startKillableProcess } from './killable.js';
import type { KillableProcess } from './killable.js';
import { atEvent, killAt } from './trigger.js';

const started: KillableProcess[] = [];

async function start(code: string): Promise<KillableProcess> {
  const child = await startKillableProcess({ args: ['-e', code], ready: /up/ });
  started.push(child);
  return child;
}

afterEach(async () => {
  for (const child of started.splice(0)) await child.stop();
});

const FOR_EVER = 'console.log("up"); setInterval(() => {}, 1000)';

test('is killed, and started again as another process', async () => {
  const child = await start(FOR_EVER);
  const { pid, exited } = child;
  await child.kill();
  expect(await exited).toBe('signal SIGKILL');
  await child.restart();

  expect(child.pid).not.toBe(pid);
  expect(child.output).toBe('up');
  expect(child.diedAlone).toBeUndefined();
});

test('says nothing while it is paused', async () => {
  const child = await start('console.log("up"); setInterval(() => console.log(Date.now()), 1)');
  child.pause();
  // What it had written before may still be read.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = child.output;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(child.output).toBe(before);

  child.resume();
  while (child.output === before) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('a process that ends by itself is told from one that was killed', async () => {
  const child = await start('console.log("up"); setTimeout(() => Promise.reject(new Error("lost")), 10)');
  expect(await child.exited).toBe('exit code 1');
  await child.stop();

  expect(child.diedAlone).toMatch(/^exit code 1\n[^]*Error: lost/);
});

test('one that does not come up says its last words', async () => {
  await expect(start('console.error("no such agent")')).rejects.toThrow(/no such agent/);
});

async function* tells(...types: string[]): AsyncGenerator<{ readonly type: string }> {
  for (const type of types) yield { type };
}

test('is killed at the n-th event of a type', async () => {
  const child = await start(FOR_EVER);
  const { exited } = child;
  const event = await killAt(tells('a', 'b', 'a', 'b', 'a'), 'b', 2, child);

  expect(event).toEqual({ type: 'b' });
  expect(await exited).toBe('signal SIGKILL');
});

test('nothing is done when the events end before', async () => {
  let done = 0;
  expect(await atEvent(tells('a', 'b'), 'a', 2, () => (done += 1))).toBeUndefined();
  expect(done).toBe(0);
});
