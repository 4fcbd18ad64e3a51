import { expect, test } from 'vitest';
import { Api } from './api.js';
import { Credentials } from './credentials.js';
import type { TokenStore } from './credentials.js';

function memory(): TokenStore {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** An API whose gateway answers by function. */
function made(answer: (asked: Asked) => Response | Promise<Response>) {
  const asked: Asked[] = [];
  const credentials = new Credentials(memory());
  const api = new Api((url, init) => {
    asked.push({ url, init });
    return Promise.resolve(answer({ url, init }));
  }, credentials);
  return { api, asked, credentials };
}

const tokenOf = ({ init }: Asked): string | null => new Headers(init.headers).get('authorization');

test('ids are encoded, and empty filters left out', async () => {
  const { api, asked } = made(() => Response.json({ data: [] }));
  await api.cancel('chat/m-1 ?');
  await api.turns({ agent: 'a b', session_id: '' });

  expect(asked.map(({ url }) => url)).toEqual([
    '/turns/chat%2Fm-1%20%3F/cancel',
    '/turns?agent=a+b&limit=50',
  ]);
});

test('requests that are refused at the same time share one question, and go on with its answer', async () => {
  const { api, asked, credentials } = made((request) =>
    tokenOf(request) === 'Bearer right' ? Response.json({ data: [] }) : new Response('', { status: 401 }),
  );
  const both = Promise.all([api.turns({}), api.sessions({})]);
  await expect.poll(() => credentials.question).toBe('token');
  await expect.poll(() => asked).toHaveLength(2);
  credentials.set('wrong');
  await expect.poll(() => credentials.question).toBe('another_token');
  await expect.poll(() => asked).toHaveLength(4);
  credentials.set('right');
  await both;

  expect(credentials.question).toBe('none');
  expect(asked.map(tokenOf)).toEqual([
    null,
    null,
    'Bearer wrong',
    'Bearer wrong',
    'Bearer right',
    'Bearer right',
  ]);
});

test('a problem is told in its own words, with the fields that are wrong', async () => {
  const problem = {
    title: 'Bad',
    detail: 'Two fields are wrong.',
    code: 'x',
    errors: [{ path: '/a', message: 'no' }],
  };
  const { api } = made(() => Response.json(problem, { status: 422 }));

  await expect(api.startTurn({ agent: 'a', input: '' })).rejects.toMatchObject({
    status: 422,
    code: 'x',
    message: 'Two fields are wrong.\n/a: no',
  });
});

test('an answer of something in between, and none at all, are told too', async () => {
  const proxy = made(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
  await expect(proxy.api.cancel('t')).rejects.toThrow('The gateway answered 502 Bad Gateway.');
  const down = made(() => Promise.reject(new TypeError('fetch failed')));
  await expect(down.api.cancel('t')).rejects.toThrow('The gateway cannot be reached.');
});
