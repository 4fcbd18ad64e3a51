import { expect, test } from 'vitest';
import { formatRoute, parseRoute, turnHref } from './route.js';
import type { Route } from './route.js';

test.each<[string, Route]>([
  ['', { page: 'turns', filter: {} }],
  ['#/', { page: 'turns', filter: {} }],
  ['#/turns', { page: 'turns', filter: {} }],
  [
    '#/turns?agent=a%26b&status=failed&page=2',
    { page: 'turns', filter: { agent: 'a&b', status: 'failed', page: '2' } },
  ],
  ['#/turns?status=nonsense', { page: 'turns', filter: {} }],
  ['#/turns/order-42', { page: 'turn', turnId: 'order-42', view: 'timeline' }],
  ['#/turns/chat%2Fm-1?view=events', { page: 'turn', turnId: 'chat/m-1', view: 'events' }],
  ['#/sessions?status=open', { page: 'sessions', filter: { status: 'open' } }],
  ['#/sessions/a%20b', { page: 'session', sessionId: 'a b', view: 'chat' }],
  ['#/turns/a/b', { page: 'unknown', path: '/turns/a/b' }],
  ['#/turns/%', { page: 'unknown', path: '/turns/%' }],
  ['#/elsewhere', { page: 'unknown', path: '/elsewhere' }],
])('%s', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test.each(['plain', 'chat/m-1', 'ä?#%&=/', '..', '%2F'])(
  'the turn id %s comes back from its address',
  (id) => {
    expect(parseRoute(turnHref(id))).toEqual({ page: 'turn', turnId: id, view: 'timeline' });
  },
);

test.each<Route>([
  { page: 'turns', filter: { agent: 'a b', session_id: 's/1' } },
  { page: 'turn', turnId: 'x', view: 'events' },
  { page: 'sessions', filter: { status: 'closed' } },
  { page: 'session', sessionId: 's/1', view: 'events' },
])('an address names its page again: %j', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});
