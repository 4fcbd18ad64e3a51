import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Stop } from './stop.js';
import type { StopReason } from './stop.js';

const told: StopReason[] = [];
let stop: Stop;

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  stop = new Stop((reason) => told.push(reason));
});

afterEach(() => vi.useRealTimers());

test('the first reason counts, and is told once', () => {
  stop.now({ kind: 'cancelled' });
  stop.now({ kind: 'stale' });

  expect(stop.reason).toEqual({ kind: 'cancelled' });
  expect(told).toEqual([{ kind: 'cancelled' }]);
});

describe('while something is better not left half done', () => {
  test.each(['hand_over', 'cancelled'] as const)('a stop waits until it is done (%s)', (kind) => {
    stop.hold();
    stop.now({ kind });
    expect(stop.signal.aborted).toBe(false);
    stop.release();
    expect(stop.reason).toEqual({ kind });
  });

  test.each(['hand_over', 'cancelled'] as const)('it does not wait for ever (%s)', (kind) => {
    stop.hold();
    stop.now({ kind });
    vi.runAllTimers();
    expect(stop.reason).toEqual({ kind });
  });

  test('a cancel goes before a hand-over, and not the other way round', () => {
    stop.hold();
    stop.now({ kind: 'hand_over' });
    stop.now({ kind: 'cancelled' });
    stop.now({ kind: 'hand_over' });
    stop.release();
    expect(told).toEqual([{ kind: 'cancelled' }]);
  });

  test.each<StopReason>([{ kind: 'stale' }, { kind: 'silent', message: 'nothing came' }])(
    'what is broken does not wait ($kind)',
    (reason) => {
      stop.hold();
      stop.now({ kind: 'hand_over' });
      stop.now(reason);
      expect(stop.reason).toEqual(reason);
      vi.runAllTimers();
      expect(told).toEqual([reason]);
    },
  );
});

test('what it does not know of is left as soon as it stops', async () => {
  const never = stop.unless(new Promise(() => undefined));
  stop.now({ kind: 'stale' });
  await expect(never).rejects.toEqual({ kind: 'stale' });
});
