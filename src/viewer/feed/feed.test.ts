import { expect, test } from 'vitest';
import type { SessionEvent } from '../../events/session-event.js';
import { Feed } from './feed.js';

const at = '2026-03-01T09:00:00.000Z';
const text = (said: string): SessionEvent => ({
  type: 'step_progress',
  turn_id: 't',
  step_id: '0001.000000000.000',
  step_type: 'inference',
  delta: { type: 'text', text: said },
});
const started: readonly SessionEvent[] = [
  { type: 'turn_started', turn_id: 't', agent: 'a', schema: 1, at },
  {
    type: 'step_started',
    turn_id: 't',
    step_id: '0001.000000000.000',
    step_type: 'inference',
    at,
    metadata: { attempt: 1 },
  },
];

/** A feed whose frames are drawn by hand. */
function made() {
  const frames: (() => void)[] = [];
  const feed = new Feed((draw) => frames.push(draw));
  let told = 0;
  feed.subscribe(() => (told += 1));
  const draw = (): void => frames.splice(0).forEach((frame) => frame());
  return { feed, draw, frames, told: () => told };
}

test('an event that comes twice counts once, by its cursor', () => {
  const { feed } = made();
  started.forEach((event, index) => feed.take(`s${index}`, event));
  for (const id of ['a', 'b', 'a', 'b']) feed.take(id, text(id));

  expect(feed.turn('t')?.steps).toMatchObject([{ text: 'ab' }]);
  expect(feed.log.map(({ id }) => id)).toEqual(['s0', 's1', 'a', 'b']);
});

test('who shows it is told once per frame, however many events came', () => {
  const { feed, draw, frames, told } = made();
  started.forEach((event, index) => feed.take(`s${index}`, event));
  for (let n = 0; n < 1000; n++) feed.take(String(n), text('x'));
  expect(frames).toHaveLength(1);
  draw();
  feed.connected({ state: 'live' });
  draw();

  expect(told()).toBe(2);
  expect(feed.version).toBe(2);
  expect(feed.connection).toEqual({ state: 'live' });
});

test('turns are folded one by one, and messages become turns or join them', () => {
  const { feed } = made();
  const message = (message_id: string) => ({ session_id: 's', message_id, turn_id: `s/${message_id}`, at });
  feed.take('1', { type: 'turn_queued', ...message('m1') });
  feed.take('2', { type: 'turn_started', turn_id: 's/m1', agent: 'a', schema: 1, at });
  feed.take('3', { type: 'turn_queued', ...message('m2') });
  feed.take('4', { type: 'message_steered', ...message('m2'), turn_id: 's/m1' });

  expect([...feed.turns.keys()]).toEqual(['s/m1']);
  expect(feed.messages).toEqual([
    { message_id: 'm1', turn_id: 's/m1', at },
    { message_id: 'm2', turn_id: 's/m2', at, joined: 's/m1' },
  ]);
});

test('what comes anew takes the place of what was there, at its first event', () => {
  const { feed } = made();
  started.forEach((event, index) => feed.take(`s${index}`, event));
  feed.take('a', text('old'));
  feed.restart();
  expect(feed.turn('t')?.steps).toMatchObject([{ text: 'old' }]);
  started.forEach((event, index) => feed.take(`s${index}`, event));
  feed.take('b', text('new'));

  expect(feed.turn('t')?.steps).toMatchObject([{ text: 'new' }]);
  expect(feed.log.map(({ id }) => id)).toEqual(['s0', 's1', 'b']);
});

test('a decision is remembered with the step that asked', () => {
  const { feed } = made();
  const asked = { turn_id: 't', input_id: 'i', at } as const;
  feed.take('1', {
    type: 'input_required',
    ...asked,
    step_id: 's1',
    kind: 'approval',
    call_id: 'c',
    tool_name: 'pay',
    arguments: '{}',
    arguments_hash: 'h',
  });
  feed.take('2', { type: 'input_resolved', ...asked, decision: 'deny', by: 'ada', reason: 'no' });

  expect(feed.decisions.of('s1')).toEqual([
    { input_id: 'i', kind: 'approval', tool_name: 'pay', decision: 'deny', by: 'ada', reason: 'no', at },
  ]);
  expect(feed.decisions.of('s2')).toEqual([]);
});
