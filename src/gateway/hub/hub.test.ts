import { describe, expect, test, vi } from 'vitest';
import { Hub, TooManyWatchersError } from './hub.js';
import type { HubOptions, Subject } from './hub.js';
import type { Told, Watcher } from './watcher.js';
import type { Entry } from './window.js';

/** A turn whose events come when a test says so; ids are `e0`, `e1` ... */
class FakeTurn {
  readonly events: Entry[] = [];
  /** Readings that were opened, by their cursors. */
  readonly opened: (string | undefined)[] = [];
  reading = 0;
  #over: 'ended' | Error | undefined;
  #wakes: (() => void)[] = [];

  say(count: number, bytes = 4): void {
    for (let i = 0; i < count; i++) {
      const frame = new TextEncoder().encode(`${this.events.length}`.padStart(bytes, '.'));
      this.events.push({ id: `e${this.events.length}`, frame });
    }
    this.#wake();
  }

  end(how: 'ended' | Error = 'ended'): void {
    this.#over = how;
    this.#wake();
  }

  async *read(after: string | undefined, signal: AbortSignal): AsyncGenerator<Entry> {
    this.opened.push(after);
    this.reading += 1;
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      let next = after === undefined ? 0 : Number(after.slice(1)) + 1;
      for (;;) {
        signal.throwIfAborted();
        const event = this.events[next];
        if (event) {
          next += 1;
          yield event;
        } else if (this.#over instanceof Error) throw this.#over;
        else if (this.#over) return;
        else await new Promise<void>((resolve) => this.#wakes.push(resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.reading -= 1;
    }
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}

function hubOf(turn: FakeTurn, options: Partial<HubOptions> = {}): Hub {
  return new Hub({
    read: (_subject, { after, signal }) => turn.read(after, signal),
    turnBytes: 1024 * 1024,
    totalBytes: 16 * 1024 * 1024,
    maxWatchers: 1000,
    lingerMs: 0,
    graceMs: 0,
    maxCatchUps: 8,
    ...options,
  });
}

/** All that a watcher is told, until something else than events; numbers as the fake turn wrote them. */
async function heard(watcher: Watcher): Promise<{ numbers: number[]; last: Told }> {
  const numbers: number[] = [];
  for (;;) {
    const told = await watcher.next();
    if (told.kind !== 'events') return { numbers, last: told };
    numbers.push(...numbersIn(told.bytes));
  }
}

const subject = (id: string): Subject => ({ kind: 'turn', id });
const numbersIn = (bytes: Uint8Array): number[] =>
  new TextDecoder().decode(bytes).match(/\d+/g)?.map(Number) ?? [];
const upTo = (count: number, from = 0): number[] => Array.from({ length: count - from }, (_, i) => from + i);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('watchers of one turn', () => {
  test('share one reading, and each is told all, in order', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn);
    const watchers = Array.from({ length: 100 }, () => hub.watch(subject('t')));
    const all = Promise.all(watchers.map(heard));
    for (let i = 0; i < 10; i++) {
      turn.say(7);
      await settled();
    }
    expect([hub.watchers, hub.readers]).toEqual([100, 1]);
    turn.end();

    for (const { numbers, last } of await all) {
      expect(numbers).toEqual(upTo(70));
      expect(last).toEqual({ kind: 'ended' });
    }
    expect(turn.opened).toEqual([undefined]);
  });

  test('that come late are told what was kept', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn);
    const first = hub.watch(subject('t'));
    turn.say(5);
    await first.next();
    const late = hub.watch(subject('t'));
    const resumed = hub.watch(subject('t'), 'e2');
    turn.end();

    expect((await heard(late)).numbers).toEqual(upTo(5));
    expect((await heard(resumed)).numbers).toEqual([3, 4]);
    expect(turn.opened).toEqual([undefined]);
  });

  test('read the turn anew when the last one has left', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn);
    turn.say(1);
    const first = hub.watch(subject('t'));
    await first.next();
    first.close();
    await vi.waitFor(() => expect([turn.reading, hub.readers, hub.watchers]).toEqual([0, 0, 0]));

    const second = hub.watch(subject('t'));
    expect(await second.next()).toMatchObject({ events: 1 });
    expect(turn.opened).toHaveLength(2);
    second.close();
  });

  test('find the reading still there when they come back soon', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn, { lingerMs: 60_000 });
    turn.say(3);
    const first = hub.watch(subject('t'));
    await first.next();
    first.close();
    const back = hub.watch(subject('t'), 'e0');

    expect(numbersOf(await back.next())).toEqual([1, 2]);
    expect(turn.opened).toHaveLength(1);
    hub.close();
    expect(hub.readers).toBe(0);
  });

  test('are as many as are allowed', () => {
    const hub = hubOf(new FakeTurn(), { maxWatchers: 2 });
    const one = hub.watch(subject('t'));
    hub.watch(subject('u'));
    expect(() => hub.watch(subject('t'))).toThrow(TooManyWatchersError);
    one.close();
    hub.watch(subject('t'));
    hub.close();
  });

  test('are told when the turn cannot be read, and those who come later try again', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn);
    const failure = new Error('gone');
    turn.end(failure);

    expect(await hub.watch(subject('t')).next()).toEqual({ kind: 'failed', error: failure });
    expect(await hub.watch(subject('t')).next()).toEqual({ kind: 'failed', error: failure });
    expect(turn.opened).toHaveLength(2);
    hub.close();
  });

  test('are cut when the hub closes, also those who wait', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn);
    turn.say(1);
    const watcher = hub.watch(subject('t'));
    await watcher.next();
    const waiting = watcher.next();
    hub.close();

    expect(await waiting).toEqual({ kind: 'cut', reason: 'shutdown' });
    expect(watcher.cursor).toBe('e0');
    await vi.waitFor(() => expect(turn.reading).toBe(0));
  });
});

describe('a watcher whose place is not kept', () => {
  const SMALL = { turnBytes: 1000 };

  test('reads for itself until it meets the others, without a gap or a repeat', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn, SMALL);
    const live = hub.watch(subject('t'));
    const all = heard(live);
    turn.say(100, 100);
    await vi.waitFor(() => expect(live.cursor).toBe('e99'));
    const late = hub.watch(subject('t'));
    const old = hub.watch(subject('t'), 'e10');
    const both = Promise.all([heard(late), heard(old)]);
    await vi.waitFor(() => expect(turn.reading).toBe(1));
    turn.say(100, 100);
    turn.end();

    expect((await all).numbers).toEqual(upTo(200));
    const [ofLate, ofOld] = await both;
    expect(ofLate.numbers).toEqual(upTo(200));
    expect(ofOld.numbers).toEqual(upTo(200, 11));
    expect(turn.opened).toEqual([undefined, undefined, 'e10']);
  });

  test('never has more in hand than it asks for', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn, SMALL);
    turn.say(400, 1000);
    turn.end();
    const watcher = hub.watch(subject('t'));

    // Nobody else is there: the reading goes at this watcher's pace, and nothing is lost.
    await settled();
    expect(hub.bytes).toBeLessThan(3000);
    const { numbers } = await heard(watcher);
    expect(numbers).toEqual(upTo(400));
    expect(turn.opened).toHaveLength(1);
  });

  test('that came for a reading which has just begun waits for that', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn, { graceMs: 60_000 });
    const watchers = Array.from({ length: 50 }, (_, i) => hub.watch(subject('t'), `e${i}`));
    turn.say(60);
    turn.end();
    const all = await Promise.all(watchers.map(heard));

    for (const [i, { numbers }] of all.entries()) expect(numbers).toEqual(upTo(60, i + 1));
    expect(turn.opened).toEqual([undefined]);
  });

  test('waits in line when too many read for themselves', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn, { ...SMALL, maxCatchUps: 2 });
    const live = hub.watch(subject('t'));
    void heard(live);
    turn.say(100, 100);
    await vi.waitFor(() => expect(live.cursor).toBe('e99'));
    const watchers = Array.from({ length: 10 }, (_, i) => hub.watch(subject('t'), `e${i}`));
    turn.end();
    let most = 0;
    const all = watchers.map(async (watcher) => {
      most = Math.max(most, turn.reading);
      const told = await heard(watcher);
      watcher.close();
      return told;
    });

    for (const [i, { numbers }] of (await Promise.all(all)).entries()) {
      expect(numbers).toEqual(upTo(100, i + 1));
    }
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe('a slow watcher', () => {
  test('is cut when the others are too far ahead, and goes on where it was', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn, { turnBytes: 1000 });
    const slow = hub.watch(subject('t'));
    const fast = hub.watch(subject('t'));
    const all = heard(fast);
    turn.say(3, 100);
    expect(numbersOf(await slow.next())).toEqual([0, 1, 2]);
    for (let i = 0; i < 10; i++) {
      turn.say(5, 100);
      await settled();
    }
    expect(await slow.next()).toEqual({ kind: 'cut', reason: 'slow_client' });
    const again = hub.watch(subject('t'), slow.cursor);
    slow.close();
    const rest = heard(again);
    turn.end();

    expect((await rest).numbers).toEqual(upTo(53, 3));
    expect((await all).numbers).toEqual(upTo(53));
    expect(hub.bytes).toBeLessThanOrEqual(1000);
  });

  test('holds nobody up who has taken all', async () => {
    const turn = new FakeTurn();
    const hub = hubOf(turn, { turnBytes: 1000 });
    hub.watch(subject('t'));
    const fast = hub.watch(subject('t'));
    const all = heard(fast);
    turn.say(100, 100);
    turn.end();

    expect((await all).numbers).toEqual(upTo(100));
    hub.close();
  });
});

test('all turns together keep no more than they may', async () => {
  const turns = new Map<string, FakeTurn>();
  const turnOf = (key: string): FakeTurn => {
    const turn = turns.get(key) ?? new FakeTurn();
    turns.set(key, turn);
    return turn;
  };
  const hub = hubOf(new FakeTurn(), {
    read: ({ id }, { after, signal }) => turnOf(id).read(after, signal),
    turnBytes: 10_000,
    totalBytes: 20_000,
  });
  const keys = Array.from({ length: 20 }, (_, i) => `t${i}`);
  const all = keys.map((key) => heard(hub.watch(subject(key))));
  for (let i = 0; i < 20; i++) {
    for (const key of keys) turnOf(key).say(2, 250);
    await settled();
  }
  expect(hub.bytes).toBeLessThanOrEqual(20_000);
  for (const key of keys) turnOf(key).end();

  for (const { numbers } of await Promise.all(all)) expect(numbers).toEqual(upTo(40));
  hub.close();
});

function numbersOf(told: Told): number[] {
  return told.kind === 'events' ? numbersIn(told.bytes) : [];
}
