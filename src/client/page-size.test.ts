import { describe, expect, test } from 'vitest';
import { PageSize } from './page-size.js';

describe('a page of history events', () => {
  test('is halved when it is refused, down to one event', () => {
    const size = new PageSize();
    const sizes: number[] = [];
    do sizes.push(size.events);
    while (size.refused());
    expect(sizes).toEqual([128, 64, 32, 16, 8, 4, 2, 1]);
  });

  test('does not grow again beyond what was refused', () => {
    const size = new PageSize();
    size.refused();
    for (let i = 0; i < 5; i++) size.came(size.events);
    expect(size.events).toBe(64);
  });

  test('is halved when nothing comes though events are at hand', () => {
    const size = new PageSize();
    size.silent();
    expect(size.events).toBe(64);
    size.came(64);
    size.silent();
    expect(size.events).toBe(32);
  });

  test('stays when nothing comes because nothing happens', () => {
    const size = new PageSize();
    size.came(7);
    expect(size.silent()).toBe(true);
    expect(size.events).toBe(128);
  });

  test('shrinks in a long silence, in case one event is too large, and grows again', () => {
    const size = new PageSize();
    size.came(7);
    for (let i = 0; i < 20; i++) size.silent();
    expect(size.events).toBe(1);
    for (let i = 0; i < 10; i++) size.came(size.events);
    expect(size.events).toBe(128);
  });

  test('that was refused at one event cannot be asked for', () => {
    const size = new PageSize();
    while (size.refused());
    expect(size.silent()).toBe(false);
  });
});
