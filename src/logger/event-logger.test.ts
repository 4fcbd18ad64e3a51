import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isEvent } from '../../test/support/event-schema.js';
import type { TurnEvent } from '../events/turn-event.js';
import { EventLogger, logEvent, startLog } from './event-logger.js';

const GOLDEN = new URL('./golden/', import.meta.url);
const names = readdirSync(GOLDEN)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.slice(0, -'.jsonl'.length));

describe('what a turn looks like on a terminal', () => {
  it.each(names)('prints %s as its golden file shows it (UPDATE_GOLDEN=1 rewrites it)', (name) => {
    const text = printed(eventsOf(name));
    const file = new URL(`${name}.golden.txt`, GOLDEN);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('has an event list for every golden file', () => {
    const golden = readdirSync(GOLDEN).filter((file) => file.endsWith('.golden.txt'));
    expect(golden.map((file) => file.slice(0, -'.golden.txt'.length)).sort()).toEqual([...names].sort());
  });

  it.each(names.filter((name) => name !== 'unknown-types'))('is shown with real events in %s', (name) => {
    expect(eventsOf(name).filter((event) => !isEvent(event))).toEqual([]);
  });

  it.each(names)('ends %s on a fresh line', (name) => {
    expect(printed(eventsOf(name))).toMatch(/\n$/);
  });
});

describe('logEvent', () => {
  it('leaves the state it was given as it was', () => {
    for (const name of names) {
      let state = startLog();
      for (const event of eventsOf(name)) {
        const first = logEvent(state, event);
        expect(logEvent(state, event)).toEqual(first);
        state = first.state;
      }
    }
  });

  it('lets no control character of a model or a tool reach the terminal', () => {
    const said = printed(
      eventsOf('basic-turn').map((event) =>
        event.type === 'step_progress' && event.delta.type === 'text'
          ? { ...event, delta: { ...event.delta, text: 'a\u001b[2J\r\nb\u0007' } }
          : event,
      ),
    );
    expect(said).toContain('a\\u001b[2J\nb\\u0007');
    expect(said).not.toMatch(/[^\P{Cc}\n\t]/u);
  });

  it('remembers no more than the beginning of a long answer', () => {
    const [, , delta] = eventsOf('basic-turn');
    if (delta?.type !== 'step_progress') throw new Error('basic-turn.jsonl has lost its first delta');
    let state = startLog();
    for (let n = 0; n < 100; n += 1) state = logEvent(state, delta).state;
    expect(state.steps.get(delta.step_id)?.said.length).toBeLessThan(300);
  });

  it('tells why an attempt was lost once, however many steps it drops', () => {
    const text = printed(eventsOf('lost-attempts'));
    expect(text.match(/closed the stream/g)).toHaveLength(1);
    expect(text.match(/⟲ attempt lost/g)).toHaveLength(3);
  });
});

describe('EventLogger', () => {
  it('keeps the state between events', () => {
    const logger = new EventLogger();
    const text = eventsOf('approval').map((event) => logger.log(event));
    expect(text.join('')).toBe(printed(eventsOf('approval')));
  });
});

function printed(events: readonly TurnEvent[]): string {
  let state = startLog();
  return events
    .map((event) => {
      const next = logEvent(state, event);
      state = next.state;
      return next.text;
    })
    .join('');
}

function eventsOf(name: string): TurnEvent[] {
  const lines = readFileSync(new URL(`${name}.jsonl`, GOLDEN), 'utf8')
    .trim()
    .split('\n');
  return lines.map((json): TurnEvent => JSON.parse(json));
}
