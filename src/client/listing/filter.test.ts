import { describe, expect, test } from 'vitest';
import { InvalidFilterError } from '../errors.js';
import { checkLimit, checkOneOf, checkText, checkTime } from './filter.js';
import { formatPage, parsePage } from './page-token.js';

describe('a filter', () => {
  test('takes times as dates, days and RFC 3339', () => {
    expect(checkTime('startedAfter', new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(checkTime('startedAfter', '2026-01-31')).toBe('2026-01-31T00:00:00.000Z');
    expect(checkTime('startedAfter', '2026-01-31T12:00:00+02:00')).toBe('2026-01-31T10:00:00.000Z');
    expect(checkTime('startedAfter', undefined)).toBeUndefined();
  });

  test.each(['yesterday', '1', '', '2026-13-01', "2026-01-01' OR '1'='1", new Date('x')])(
    'refuses %j as a time, and names the field',
    (time) => expect(() => checkTime('startedBefore', time)).toThrow(/^startedBefore must be a time as in/),
  );

  test('has 50 members a page, at most 200', () => {
    expect(checkLimit()).toBe(50);
    expect(checkLimit(200)).toBe(200);
    for (const limit of [0, 201, 1.5, -1, Number.NaN])
      expect(() => checkLimit(limit)).toThrow(InvalidFilterError);
  });

  test('refuses empty texts and unknown words', () => {
    expect(() => checkText('agent', '')).toThrow('agent must be a string that is not empty.');
    expect(() => checkOneOf('status', 'done', ['open', 'closed'])).toThrow(
      'status must be one of open, closed.',
    );
  });
});

describe('a page token', () => {
  const token = Buffer.from('{"CloseTime":"9999-12-31T23:59:59Z"}');
  const filter = { workflowType: 'agentTurn', agent: undefined };

  test('comes back as it was', () => {
    expect(Buffer.from(parsePage(formatPage(token, filter), filter))).toEqual(token);
  });

  test('is good for its own filter only, and unchanged', () => {
    const page = formatPage(token, filter);
    expect(() => parsePage(page, { ...filter, agent: 'clerk' })).toThrow(InvalidFilterError);
    for (const broken of ['', 'x', `${page}A`, page.slice(0, -4), page.replace('1.', '2.')])
      expect(() => parsePage(broken, filter)).toThrow(InvalidFilterError);
  });
});
