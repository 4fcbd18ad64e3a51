import { expect, test } from 'vitest';
import { carryOut, planFaults } from './fault-plan.js';
import { SeededRandom } from './random.js';

const faults = ['kill', 'pause', 'cut'] as const;
const plan = (seed: number, forMs: number) => planFaults({ seed, forMs, everyMs: 5000, faults });

test('the same seed gives the same plan, and another seed another one', () => {
  expect(plan(7, 60_000)).toEqual(plan(7, 60_000));
  expect(plan(7, 60_000)).not.toEqual(plan(8, 60_000));
});

test('a longer plan begins as a shorter one, at the pace that was asked for', () => {
  const long = plan(7, 600_000);
  expect(long.slice(0, plan(7, 60_000).length)).toEqual(plan(7, 60_000));
  expect(long.length).toBeGreaterThan(90);
  expect(long.length).toBeLessThan(150);
  expect(new Set(long.map(({ fault }) => fault))).toEqual(new Set(faults));
});

test('a plan happens in its order, each fault with the same choices', async () => {
  const run = async (): Promise<string[]> => {
    const happened: string[] = [];
    const say = (fault: string) => (random: SeededRandom) => happened.push(`${fault} ${random.int(1000)}`);
    const planned = planFaults({ seed: 3, forMs: 20, everyMs: 2, faults });
    await carryOut(planned, { kill: say('kill'), pause: say('pause'), cut: say('cut') });
    expect(happened).toHaveLength(planned.length);
    return happened;
  };
  expect(await run()).toEqual(await run());
});

test('a plan that is aborted ends, and one whose action fails rejects', async () => {
  const stop = new AbortController();
  const never = (): never => {
    throw new Error('happened');
  };
  const actions = { kill: never, pause: never, cut: never };
  const running = carryOut(plan(1, 60_000), actions, stop.signal);
  stop.abort();
  await running;
  const soon = planFaults({ seed: 1, forMs: 10, everyMs: 1, faults });
  await expect(carryOut(soon, actions)).rejects.toThrow('happened');
});

test('choices are even, and those of a fork change nothing here', () => {
  const random = new SeededRandom(1);
  const drawn = Array.from({ length: 3000 }, () => random.between(1, 3));
  for (const n of [1, 2, 3]) expect(drawn.filter((other) => other === n).length).toBeGreaterThan(900);
  const [one, other] = [new SeededRandom(5), new SeededRandom(5)];
  one.fork().next();
  other.fork();
  expect(one.next()).toBe(other.next());
  expect(() => random.pick([])).toThrow('nothing to pick from');
});
