import { describe, expect, test } from 'vitest';
import { CHUNK_BYTES, Window } from './window.js';

function filled(count: number, bytes: number): Window {
  const window = new Window();
  for (let i = 0; i < count; i++) window.append({ id: `e${i}`, frame: new Uint8Array(bytes).fill(i) });
  return window;
}

describe('the window', () => {
  test('drops the oldest, and offsets stay', () => {
    const window = filled(10, 100);
    window.trim(450, window.next);

    expect([window.first, window.next, window.bytes]).toEqual([6, 10, 400]);
    expect([window.offsetOf('e5'), window.offsetOf('e6')]).toEqual([undefined, 6]);
    expect(window.chunk(5)).toBeUndefined();
    expect(window.chunk(8)).toMatchObject({ events: 2, cursor: 'e9', next: 10 });
  });

  test('keeps the newest, however large, and what somebody still needs', () => {
    const window = filled(10, 100);
    window.trim(0, 4);
    expect(window.first).toBe(4);
    window.trim(0, window.next);
    expect([window.first, window.bytes]).toEqual([9, 100]);
  });

  test('gives the same bytes to all who stand at one place', () => {
    const window = filled(3, 100);
    expect(window.chunk(1)?.bytes).toBe(window.chunk(1)?.bytes);
    expect(window.chunk(1)?.bytes.byteLength).toBe(200);
    window.append({ id: 'e3', frame: new Uint8Array(1) });
    expect(window.chunk(1)).toMatchObject({ events: 3, cursor: 'e3' });
  });

  test('gives no more at once than is written at once, but one event at least', () => {
    const window = filled(3, CHUNK_BYTES * 0.6);
    expect(window.chunk(0)).toMatchObject({ events: 1, next: 1 });
    expect(filled(2, CHUNK_BYTES * 2).chunk(0)).toMatchObject({ events: 1 });
    expect(filled(0, 1).chunk(0)).toBeUndefined();
  });
});
