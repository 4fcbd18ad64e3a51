import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Batch, BatchEvent } from '../events/batch.js';
import { Publisher, SignalRefused } from './publisher.js';
import type { PublisherOptions } from './publisher.js';

const started: BatchEvent = {
  type: 'step_started',
  step_id: 's',
  step_type: 'inference',
  at: '2026-01-05T12:00:00.000Z',
  metadata: { attempt: 1 },
};
const border: BatchEvent = {
  type: 'step_started',
  step_id: 'tool',
  step_type: 'tool_execution',
  at: '2026-01-05T12:00:00.000Z',
};
const text = (said: string, step_id = 's'): BatchEvent => ({
  type: 'step_progress',
  step_id,
  delta: { type: 'text', text: said },
});

/** What was sent, each with its time after the start, and how to answer the next signals. */
function publishing(options: Partial<PublisherOptions> = {}) {
  const sent: { at: number; batch: Batch }[] = [];
  const answers: (() => Promise<void>)[] = [];
  const from = Date.now();
  const publisher = new Publisher({
    source: 'infer-1-a',
    epoch: () => 7,
    attempt: 1,
    continues: false,
    mode: 'live',
    siblings: 1,
    send: (batch) => {
      sent.push({ at: Date.now() - from, batch: structuredClone(batch) });
      return (answers.shift() ?? (() => Promise.resolve()))();
    },
    ...options,
  });
  return {
    publisher,
    sent,
    times: () => sent.map(({ at }) => at),
    numbers: () => sent.map(({ batch }) => batch.n),
    events: () => sent.map(({ batch }) => batch.events),
    answer: (...next: (() => Promise<void>)[]) => answers.push(...next),
  };
}

const fails = (): Promise<void> => Promise.reject(new Error('unavailable'));
const refuses = (): Promise<void> => Promise.reject(new SignalRefused('closed'));
const hangs = (): Promise<void> => new Promise(() => undefined);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('pace', () => {
  test('nothing is sent in the first 50 ms, then at once', async () => {
    const { publisher: p, times } = publishing();
    p.tell(text('a'));
    await pass(49);
    expect(times()).toEqual([]);
    await pass(1);
    expect(times()).toEqual([50]);
  });

  test('an answer that is done by then costs no signal', async () => {
    const { publisher: p, sent } = publishing();
    p.tell(started);
    p.tell(text('Hello.'));
    await pass(40);
    expect((await p.handOver()).batches.map(({ n, events }) => [n, events.length])).toEqual([[0, 2]]);
    await pass(5000);
    expect(sent).toEqual([]);
  });

  test('the start of an inference waits for a first delta to travel with', async () => {
    const { publisher: p, events, times } = publishing();
    p.tell(started);
    await pass(300);
    p.tell(text('a'));
    await pass(0);
    expect(times()).toEqual([300]);
    expect(events()[0]).toHaveLength(2);
  });

  test('an interval that is longer than timers are is no short one', async () => {
    const forever = 2 ** 32;
    const { publisher: p, times } = publishing({ minInterval: forever, maxInterval: forever });
    for (let n = 0; n < 50; n++) {
      p.tell(text('a'));
      await pass(100);
    }
    expect(times()).toEqual([50]);
  });

  test('but not for ever: a model that thinks is shown', async () => {
    const { publisher: p, times } = publishing();
    p.tell(started);
    await pass(1000);
    expect(times()).toEqual([500]);
  });

  test('signals that take long to be taken are sent less often', async () => {
    const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
    const { publisher: p, times, answer } = publishing();
    answer(...Array.from({ length: 100 }, () => slow));
    const stream = setInterval(() => p.tell(text('a')), 10);
    await pass(10_000);
    clearInterval(stream);
    const last = times().slice(-5);
    const gaps = last.slice(1).map((at, index) => at - (last[index] ?? 0));
    expect(gaps.every((gap) => gap >= 390 && gap <= 420)).toBe(true);
  });

  test('later signals keep 0.8 % of the age apart, at least the least and at most the greatest interval', async () => {
    const { publisher: p, times } = publishing({ minInterval: 100, maxInterval: 300 });
    const stream = setInterval(() => p.tell(text('a')), 10);
    await pass(60_000);
    clearInterval(stream);
    const gaps = times().map((at, index) => ({ at, gap: at - (times()[index - 1] ?? 0) }));
    const within = (from: number, to: number) =>
      gaps.filter(({ at }) => at > from && at <= to).map(({ gap }) => gap);
    expect(within(100, 9000).every((gap) => gap >= 100 && gap <= 110)).toBe(true);
    expect(within(20_000, 25_000).every((gap) => gap >= 150 && gap <= 210)).toBe(true);
    expect(within(40_000, 60_000).every((gap) => gap >= 300 && gap <= 310)).toBe(true);
  });

  test('many activities of one worker share what it sends', async () => {
    const { publisher: p, times } = publishing({ neighbours: () => 50 });
    p.tell(text('a'));
    await pass(50);
    p.tell(text('b'));
    await pass(1000);
    expect(times()).toEqual([50, 550]);
  });

  test('siblings share the pace', async () => {
    const { publisher: p, times } = publishing({ siblings: 4 });
    p.tell(text('a'));
    await pass(50);
    p.tell(text('b'));
    await pass(1000);
    expect(times()).toEqual([50, 450]);
  });

  test('a border is told at once, with what came before it', async () => {
    const { publisher: p, times, events } = publishing({ minInterval: 1000 });
    p.tell(text('a'));
    await pass(50);
    p.tell(text('b'));
    await pass(10);
    p.tell(border);
    await pass(0);
    expect(times()).toEqual([50, 60]);
    expect(events()[1]).toEqual([text('b'), border]);
  });

  test('one signal is in flight at a time', async () => {
    const { publisher: p, sent, answer } = publishing();
    let acknowledge = (): void => undefined;
    answer(() => new Promise((resolve) => (acknowledge = resolve)));
    p.tell(border);
    await pass(50);
    p.tell(text('a'));
    p.tell(border);
    await pass(5000);
    expect(sent).toHaveLength(1);
    acknowledge();
    await pass(0);
    expect(sent).toHaveLength(2);
  });

  test.each(['off', 'steps'] as const)('mode %s tells no deltas', async (mode) => {
    const { publisher: p, events } = publishing({ mode });
    p.tell(started);
    p.tell(text('a'));
    await pass(5000);
    expect(events()).toEqual(mode === 'off' ? [] : [[started]]);
  });
});

describe('batches', () => {
  test('count from 0 and name who speaks', async () => {
    const { publisher: p, sent } = publishing({ continues: true });
    for (const said of ['a', 'b', 'c']) {
      p.tell(text(said));
      await pass(200);
    }
    expect(sent.map(({ batch }) => batch)).toEqual(
      ['a', 'b', 'c'].map((said, n) => ({
        source: 'infer-1-a',
        epoch: 7,
        attempt: 1,
        continues: true,
        n,
        events: [text(said)],
      })),
    );
  });

  test('a failed one is sent again as it was, and what came since is a batch of its own', async () => {
    const { publisher: p, numbers, events, answer } = publishing();
    answer(fails, fails);
    p.tell(text('a'));
    await pass(50);
    p.tell(text('b'));
    await pass(20_000);
    expect(numbers()).toEqual([0, 0, 0, 1]);
    expect(events()).toEqual([[text('a')], [text('a')], [text('a')], [text('b')]]);
  });

  test('a failing server is asked less and less often', async () => {
    const { publisher: p, times, answer } = publishing();
    answer(...Array.from({ length: 20 }, () => fails));
    p.tell(text('a'));
    await pass(60_000);
    expect(times().length).toBeLessThan(10);
  });

  test('a refusal ends publishing, and all that was not acknowledged is handed over', async () => {
    const { publisher: p, sent, answer } = publishing();
    answer(() => Promise.resolve(), refuses);
    p.tell(text('a'));
    await pass(200);
    p.tell(text('b'));
    await pass(200);
    p.tell(text('c'));
    await pass(60_000);
    expect(sent).toHaveLength(2);
    const { batches } = await p.handOver();
    expect(batches.map(({ n, events }) => [n, events])).toEqual([
      [1, [text('b')]],
      [2, [text('c')]],
    ]);
    expect(batches[0]).toEqual(sent[1]?.batch);
  });

  test('one whose signal hangs at the end is handed over too', async () => {
    const { publisher: p, sent, answer } = publishing();
    answer(hangs);
    p.tell(text('a'));
    await pass(50);
    p.tell(text('b'));
    const handOver = p.handOver();
    await pass(6000);
    const { batches } = await handOver;
    expect(batches.map(({ n }) => n)).toEqual([0, 1]);
    expect(batches[0]).toEqual(sent[0]?.batch);
  });

  test('one that is acknowledged while the activity ends is not', async () => {
    const { publisher: p, answer } = publishing();
    answer(() => new Promise((resolve) => setTimeout(resolve, 500)));
    p.tell(text('a'));
    await pass(50);
    const handOver = p.handOver();
    await pass(500);
    expect((await handOver).batches).toEqual([]);
  });

  test('much to tell is handed over in batches of at most 256 KiB', async () => {
    const { publisher: p } = publishing({ mode: 'live' });
    for (let i = 0; i < 200; i++) p.tell(text('"\n'.repeat(4096), `s${i % 2}`));
    const { batches } = await p.handOver();
    expect(batches.length).toBeGreaterThan(5);
    for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThan(257 * 1024);
    expect(batches.map(({ n }) => n)).toEqual(batches.map((_batch, index) => index));
  });
});

describe('flush', () => {
  test.each(['live', 'off'] as const)('in mode %s everything goes by signal', async (mode) => {
    const { publisher: p, numbers } = publishing({ mode });
    p.tell(started);
    p.tell(border);
    await p.flush();
    expect(numbers()).toEqual([0]);
    expect((await p.handOver()).batches).toEqual([]);
  });

  test('tries again a few times, also after failures before', async () => {
    const { publisher: p, numbers, answer } = publishing();
    answer(fails, fails, fails, fails, fails);
    p.tell(border);
    await pass(20_000);
    expect(numbers().length).toBeGreaterThanOrEqual(4);
    answer(fails);
    await p.flush();
    expect((await p.handOver()).batches).toEqual([]);
  });

  test('gives up on a server that stays away', async () => {
    const { publisher: p, sent, answer } = publishing();
    answer(...Array.from({ length: 50 }, () => fails));
    p.tell(border);
    await p.flush();
    expect(sent).toHaveLength(3);
  });

  test('sends nothing once another attempt has taken over', async () => {
    const { publisher: p, sent } = publishing();
    p.tell(border);
    p.stop();
    await p.flush();
    expect(sent).toEqual([]);
  });
});

describe('what has to be in the history first', () => {
  test('is sent at once, in a batch of its own, and waited for', async () => {
    const { publisher: p, events, answer } = publishing();
    answer(() => new Promise((resolve) => void setTimeout(resolve, 10)));
    p.tell(started);
    const acknowledged = p.acknowledged();
    p.tell(text('later'));
    await pass(9);
    expect(events()).toEqual([[started]]);
    await pass(1);
    expect(await acknowledged).toBe(true);
    await pass(1000);
    expect(events()).toEqual([[started], [text('later')]]);
  });

  test('is sent again, the same bytes, until it is there; also where nothing else is published', async () => {
    const { publisher: p, events, numbers, answer } = publishing({ mode: 'off' });
    answer(fails, fails);
    p.tell(started);
    const acknowledged = p.acknowledged();
    await pass(20_000);
    expect(await acknowledged).toBe(true);
    expect(numbers()).toEqual([0, 0, 0]);
    expect(events()).toEqual([[started], [started], [started]]);
  });

  test('travels with the result where the run takes no more signals', async () => {
    const { publisher: p, answer } = publishing();
    answer(refuses);
    p.tell(started);
    expect(await p.acknowledged()).toBe(false);
    expect((await p.handOver()).batches).toMatchObject([{ n: 0, events: [started] }]);
  });
});

describe('a claim', () => {
  test('is an empty batch that goes on, and so are all that follow', async () => {
    const { publisher: p, sent } = publishing();
    expect(await p.claim()).toBe(true);
    p.tell(started);
    await p.flush();
    expect(sent.map(({ batch }) => batch)).toMatchObject([
      { n: 0, continues: true, events: [] },
      { n: 1, continues: true, events: [started] },
    ]);
    expect(await p.handOver()).toMatchObject({ continues: true, batches: [] });
  });

  test('that is refused leaves nothing behind: the attempt stands for itself', async () => {
    const { publisher: p, answer } = publishing();
    answer(refuses);
    expect(await p.claim()).toBe(false);
    p.tell(started);
    const { continues, batches } = await p.handOver();
    expect(continues).toBeUndefined();
    expect(batches).toMatchObject([{ n: 0, events: [started] }]);
    expect(batches[0]).not.toHaveProperty('continues');
  });
});
