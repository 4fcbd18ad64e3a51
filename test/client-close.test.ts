// A client that is closed while it cannot reach Temporal: what it was about to do ends, and its process goes on.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { TurnClient } from '../src/client/index.js';
import { startProxy } from '../src/testing/index.js';
import { watch } from './support/watch.js';

const CLOSED = /the client was closed/;

test('closed while Temporal is unreachable, it ends what waits for another try', async ({
  onTestFinished,
}) => {
  const proxy = await startProxy({ target: inject('temporalAddress') });
  onTestFinished(() => proxy.stop());
  const turns = await TurnClient.connect({
    taskQueue: `nobody-${randomUUID()}`,
    address: proxy.address,
    namespace: inject('temporalNamespace'),
  });
  const turn = await turns.start({ agent: 'assistant', input: 'Is anybody there?' });
  const watching = watch(turn);
  const { accepted } = proxy;
  proxy.refuse();
  // A retry that reaches out for Temporal shows that calls have failed, and wait.
  while (proxy.accepted < accepted + 2) await sleep(10);
  const endings = Promise.allSettled([watching, turns.checkWorker()]);
  await turns.close();

  const refused = { status: 'rejected', reason: { message: expect.stringMatching(CLOSED) } };
  expect(await endings).toMatchObject([refused, refused]);
  await expect(turns.checkWorker()).rejects.toThrow(CLOSED);
});
