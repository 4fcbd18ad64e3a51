import { expect, test } from 'vitest';
import { ProblemError, UnreachableError } from '../net/problem.js';
import type { TurnInput } from '../net/wire.js';
import { Inputs } from './inputs.js';

const given: TurnInput = { agent: 'a', input: 'hi' };

function made(...answers: (TurnInput | Error)[]) {
  const asked: string[] = [];
  const waits: number[] = [];
  const input = (turnId: string): Promise<TurnInput> => {
    asked.push(turnId);
    const answer = answers.shift() ?? new Error('no further request was expected');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
  return { inputs: new Inputs({ input }, { wait, random: () => 1 }), asked, waits };
}

test('an input is asked for once, however many want it', async () => {
  const { inputs, asked } = made(given);
  expect(inputs.of('t')).toBeUndefined();
  await Promise.all([inputs.load('t'), inputs.load('t')]);
  await inputs.load('t');

  expect(inputs.of('t')).toBe(given);
  expect(asked).toEqual(['t']);
});

test('what may pass is tried again, with growing pauses', async () => {
  const busy = new ProblemError(503, 'temporal_unavailable', 'Later.');
  const { inputs, waits } = made(new UnreachableError('down'), busy, given);
  await inputs.load('t');

  expect(inputs.of('t')).toBe(given);
  expect(waits).toEqual([500, 1000]);
});

test('what is not known is not asked for again, until somebody looks anew', async () => {
  const { inputs, asked } = made(new ProblemError(404, 'turn_not_found', 'No such turn.'), given);
  await inputs.load('t');
  expect(inputs.of('t')).toBe('none');
  await inputs.load('t');

  expect(inputs.of('t')).toBe(given);
  expect(asked).toEqual(['t', 't']);
});
