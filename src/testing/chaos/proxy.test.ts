import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startProxy } from './proxy.js';
import type { ProxyOptions, TcpProxy } from './proxy.js';

/** Answers each line with `echo <line>`, and remembers what it got. */
async function startEcho() {
  const got: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      got.push(String(chunk));
      socket.write(`echo ${String(chunk)}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    got,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

let echo: Awaited<ReturnType<typeof startEcho>>;
const proxies: TcpProxy[] = [];

beforeEach(async () => {
  echo = await startEcho();
});

afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.stop();
  echo.close();
});

async function proxyWith(faults?: ProxyOptions['faults']): Promise<TcpProxy> {
  const proxy = await startProxy({ target: echo.address, ...(faults ? { faults } : {}) });
  proxies.push(proxy);
  return proxy;
}

/** A client that keeps what it hears; `ended` tells how its connection ended. */
function talkTo({ address }: TcpProxy) {
  const [host = '', port] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  let heard = '';
  socket.on('data', (chunk) => {
    heard += String(chunk);
  });
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('FIN'));
    socket.once('error', ({ message }) => resolve(/ECONNRESET|EPIPE/.test(message) ? 'RST' : message));
  });
  return {
    ended,
    say: (text: string) => void socket.write(text),
    hears: async (text: string) => {
      while (!heard.includes(text)) await once(socket, 'data');
    },
    get heard() {
      return heard;
    },
  };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('carries both sides, and keeps the path of a URL', async () => {
  const proxy = await startProxy({ target: `http://${echo.address}/v1` });
  proxies.push(proxy);
  const client = talkTo(proxy);
  client.say('hello');
  await client.hears('echo hello');

  expect(proxy.url).toBe(`http://${proxy.address}/v1`);
  expect(proxy.connections).toMatchObject([{ n: 1, requestBytes: 5, answerBytes: 10 }]);
});

describe('at a byte', () => {
  test.each([
    ['cut', 'FIN'],
    ['reset', 'RST'],
  ] as const)('a %s lets so much of the answer pass, and ends it', async (kind, how) => {
    const client = talkTo(await proxyWith(() => ({ kind, afterBytes: 6 })));
    client.say('hello');

    expect(await client.ended).toBe(how);
    expect(client.heard).toBe('echo h');
  });

  test('a stall of requests holds the rest of them back', async () => {
    const proxy = await proxyWith(() => ({ kind: 'stall', of: 'requests', afterBytes: 3 }));
    const client = talkTo(proxy);
    client.say('hello');
    await client.hears('echo hel');
    expect(echo.got).toEqual(['hel']);

    proxy.resume();
    await client.hears('echo lo');
  });

  test('swallowed answers never come, though the requests have arrived', async () => {
    const proxy = await proxyWith(() => ({ kind: 'swallow', afterBytes: 10 }));
    const client = talkTo(proxy);
    client.say('hello');
    await client.hears('echo hello');
    client.say('again');
    await until(() => echo.got.length === 2);
    proxy.resume();

    expect(await client.ended).toBe('RST');
    expect(client.heard).toBe('echo hello');
  });

  test('faults are placed on the connection that they are for', async () => {
    const proxy = await proxyWith((n) => (n === 2 ? { kind: 'cut' } : undefined));
    const [first, second, third] = [talkTo(proxy), talkTo(proxy), talkTo(proxy)];
    first.say('one');
    await first.hears('echo one');
    third.say('three');
    await third.hears('echo three');
    expect(await second.ended).toBe('FIN');
  });
});

describe('for all connections at once', () => {
  test.each([
    ['cut', 'FIN'],
    ['reset', 'RST'],
  ] as const)('%s ends them, and takes new ones', async (kind, how) => {
    const proxy = await proxyWith();
    const clients = [talkTo(proxy), talkTo(proxy)];
    for (const client of clients) {
      client.say('hello');
      await client.hears('echo hello');
    }
    proxy[kind]();
    expect(await Promise.all(clients.map(({ ended }) => ended))).toEqual([how, how]);

    const next = talkTo(proxy);
    next.say('again');
    await next.hears('echo again');
    expect(proxy.accepted).toBe(3);
  });

  test('stall holds old and new ones until it is resumed, and nothing is lost', async () => {
    const proxy = await proxyWith();
    const old = talkTo(proxy);
    old.say('1');
    await old.hears('echo 1');
    proxy.stall();
    const fresh = talkTo(proxy);
    old.say('2');
    fresh.say('3');
    await until(() => proxy.accepted === 2);
    expect(echo.got).toEqual(['1']);

    proxy.resume();
    await old.hears('echo 2');
    await fresh.hears('echo 3');
  });

  test('refuse is a server that is down', async () => {
    const proxy = await proxyWith();
    proxy.refuse();
    expect(await talkTo(proxy).ended).toBe('RST');
    proxy.resume();
    const client = talkTo(proxy);
    client.say('back');
    await client.hears('echo back');
  });
});

test('a target that nobody listens at ends the connection', async () => {
  echo.close();
  const proxy = await proxyWith();
  expect(await talkTo(proxy).ended).toBe('RST');
  await until(() => proxy.connections.length === 0);
});

test.each(['', 'https://api.openai.com/v1'])('the target "%s" is refused', async (target) => {
  await expect(startProxy({ target })).rejects.toThrow(TypeError);
});
