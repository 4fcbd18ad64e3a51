import { describe, expect, test } from 'vitest';
import type { TurnEvent } from '../events/turn-event.js';
import type { EventsQuery } from '../protocol/definitions.js';
import { EventWindow } from './event-window.js';

const event = (index: number, bytes = 0): TurnEvent => ({
  type: 'step_progress',
  turn_id: 't',
  step_id: `${index}`,
  step_type: 'inference',
  delta: { type: 'text', text: 'ä'.repeat(bytes / 2) },
});

function windowOf(count: number, bytes = 0): EventWindow {
  const window = new EventWindow();
  for (let i = 0; i < count; i++) window.push([event(i, bytes)]);
  return window;
}

/** Where the page starts and ends, and what it says of itself. */
function page(window: EventWindow, query?: EventsQuery) {
  const answer = window.page(query);
  if ('error' in answer) return answer;
  const ids = answer.events.map((each) => ('step_id' in each ? Number(each.step_id) : -1));
  return { from: ids[0], count: ids.length, next: answer.next, first: answer.first };
}

describe('a page', () => {
  test('is everything, where that is small', () => {
    expect(page(windowOf(3))).toEqual({ from: 0, count: 3, next: 3, first: 0 });
  });

  test('starts at its offset and has at most its limit', () => {
    expect(page(windowOf(10), { offset: 4, limit: 3 })).toEqual({ from: 4, count: 3, next: 7, first: 0 });
  });

  test('behind the newest event is empty, and says where to ask next', () => {
    expect(page(windowOf(3), { offset: 3 })).toEqual({ from: undefined, count: 0, next: 3, first: 0 });
    expect(page(new EventWindow())).toEqual({ from: undefined, count: 0, next: 0, first: 0 });
  });

  test('is at most 1 MiB, and the next one goes on behind it', () => {
    const window = windowOf(10, 300 * 1024);
    expect(page(window)).toEqual({ from: 0, count: 3, next: 3, first: 0 });
    expect(page(window, { offset: 3 })).toMatchObject({ from: 3, next: 6 });
  });

  test('has one event at least, also one that is larger', () => {
    expect(page(windowOf(2, 1.5 * 1024 * 1024))).toMatchObject({ count: 1, next: 1 });
  });

  test('before the oldest event that is kept is a typed error', () => {
    const window = windowOf(100, 1024 * 1024);
    const first = page(window, { offset: 99 });
    if ('error' in first) throw new Error('not an error');
    expect(first.first).toBeGreaterThan(80);
    expect(page(window, { offset: first.first - 1 })).toEqual({
      error: { code: 'offset_too_old', first: first.first },
    });
    expect(page(window, { offset: first.first })).toMatchObject({ from: first.first, count: 1 });
  });
});
