// The viewer in a real Chromium, on a real gateway, worker, Temporal server and scripted model.

import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { serveGateway } from '../../src/gateway/index.js';
import type { GatewayServer } from '../../src/gateway/index.js';
import { defineAgent, defineTool } from '../../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../../src/testing/index.js';
import { startRig } from '../support/rig.js';
import type { Rig } from '../support/rig.js';
import { startChromium } from './browser.js';
import type { Chromium } from './browser.js';
import { buildViewer } from './viewer-files.js';

const TOKEN = 'a-token-of-this-test';
const WORDS = Array.from({ length: 400 }, (_, n) => `word${n}`).join(' ');

let files: string;
let chromium: Chromium;
let model: ScriptedResponsesServer;
let rig: Rig;
let gateway: GatewayServer;

const serve = (port: number): Promise<GatewayServer> =>
  serveGateway({ turns: rig.turns, auth: { tokens: [TOKEN] }, agents: ['assistant'], viewer: files, port });

beforeAll(async () => {
  const pay = defineTool({
    name: 'pay',
    parameters: z.object({ amount: z.number() }),
    needsApproval: true,
    execute: ({ amount }) => `paid ${amount}`,
  });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('slowly', () => reply.text(WORDS, { perSecond: 30 })),
      when('pay', eachTurn([reply.functionCall('pay', { amount: 100 }), reply.text('It is **paid**.')])),
      () => reply.text('Hello.'),
    ),
  });
  const agents = [defineAgent({ name: 'assistant', model: 'scripted', tools: [pay] })];
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
  files = await buildViewer();
  gateway = await serve(0);
  chromium = await startChromium();
});

afterAll(async () => {
  await chromium?.close();
  await gateway?.close({ drainMs: 100 });
  await rig?.stop();
  await model?.stop();
});

afterEach(() => {
  const complaints = chromium.complaints.splice(0);
  if (complaints.length > 0) throw new Error(`The page complains: ${complaints.join('; ')}`);
});

/** A page of somebody who has given the token. */
async function open(hash: string): Promise<Page> {
  const page = await chromium.open(`${gateway.url}/${hash}`);
  await page.getByLabel('Bearer token').fill(TOKEN);
  await page.getByRole('button', { name: 'Continue' }).click();
  return page;
}

async function start(input: string): Promise<string> {
  const turn = await rig.turns.start({ agent: 'assistant', input }, { turnId: `t-${randomUUID()}` });
  return turn.turnId;
}

const text = async (page: Page, selector: string): Promise<string> =>
  (await page.textContent(selector)) ?? '';
const becomes = (page: Page, selector: string, wanted: string | RegExp): Promise<void> =>
  expect.poll(() => text(page, selector)).toMatch(wanted);

describe('a turn', () => {
  test('is started from the page, streams into it and ends with all its words', async () => {
    const page = await open('#/turns/none-of-this-id');
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByLabel('Agent').fill('assistant');
    await page.getByLabel('Message').fill('slowly');
    await page.getByRole('button', { name: 'Start turn' }).click();
    // Some of it while the rest is not there yet.
    await becomes(page, '.prose', /^word0 word1/);
    expect(await text(page, '.turn-state')).toContain('running');
    await becomes(page, '.prompt', /slowly/);

    await becomes(page, '.turn-end', /^Completed/);
    expect(await text(page, '.prose')).toBe(WORDS);
  });

  test('is approved by a click and goes on', async () => {
    const page = await open(`#/turns/${await start('pay it')}`);
    await becomes(page, '.question', /Allow pay\?.*"amount": 100/s);
    await page.getByRole('button', { name: 'Approve pay' }).click();

    await becomes(page, '.turn-end', /^Completed/);
    expect(await text(page, '.timeline')).toMatch(/paid 100.*Approved.*It is paid\./s);
  });

  test('is denied with a reason that the model is told', async () => {
    const page = await open(`#/turns/${await start('pay it, or do not')}`);
    await page.getByLabel(/Reason/).fill('too much');
    await page.getByRole('button', { name: 'Deny pay' }).click();

    await becomes(page, '.turn-end', /^Completed/);
    expect(await text(page, '.step[data-state=denied]')).toMatch(/Denied.*too much/s);
  });

  test('is cancelled by a click', async () => {
    const page = await open(`#/turns/${await start('slowly, to be cancelled')}`);
    await becomes(page, '.prose', /^word0/);
    await page.getByRole('button', { name: 'Cancel turn' }).click();

    await becomes(page, '.turn-end', /^Cancelled/);
    expect(await text(page, '.turn-state')).toContain('cancelled');
  });

  test('is read on without gap or repeat when the gateway restarts in the middle', async () => {
    const turnId = await start('slowly, through a restart');
    const page = await open(`#/turns/${turnId}`);
    await becomes(page, '.prose', /^word0 .*word10/);
    const { port } = gateway;
    await gateway.close({ drainMs: 100 });
    await becomes(page, '.connection', /Reconnecting|Connecting/);
    gateway = await serve(port);

    await becomes(page, '.turn-end', /^Completed/);
    expect(await text(page, '.prose')).toBe(WORDS);
    let events = 0;
    for await (const _event of rig.turns.getHandle(turnId).events()) events += 1;
    expect(await text(page, '.tabs .num')).toBe(String(events));
  });

  test('that is over is shown from its history', async () => {
    const turnId = await start('hi');
    await rig.turns.getHandle(turnId).result();
    const page = await open(`#/turns/${turnId}`);

    await becomes(page, '.turn-end', /^Completed/);
    await becomes(page, '.connection', /All events read/);
    expect(await text(page, '.prose')).toBe('Hello.');
  });

  test('that does not exist says so', async () => {
    const page = await open('#/turns/nobody-started-this');
    await becomes(page, 'main [role=alert]', /nobody-started-this|no turn/i);
  });
});

describe('a session', () => {
  test('is started in the page, streams, takes a message that interrupts, and is closed', async () => {
    const page = await open('#/sessions');
    await page.keyboard.press('c');
    await page.getByRole('dialog').getByLabel('Agent').fill('assistant');
    await page.getByLabel('First message').fill('slowly, and be interrupted');
    await page.getByRole('button', { name: 'Start chat' }).click();
    await becomes(page, '.answer .prose', /^word0/);
    await becomes(page, '.said', /slowly, and be interrupted/);

    await page.getByText('Interrupt', { exact: true }).click();
    await page.getByLabel('Message to assistant').fill('hi');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.locator('.exchange').allTextContents())
      .toEqual([
        expect.stringMatching(/^Messageslowly, and.*word0.*cancelled/s),
        expect.stringMatching(/^Messagehi.*Hello\./s),
      ]);

    await page.getByRole('button', { name: 'Close session' }).click();
    await becomes(page, '.chat-foot', /This session is closed/);
    await page.reload();
    await becomes(page, '.chat-foot', /This session is closed/);
    await expect
      .poll(() => page.locator('.said').allTextContents())
      .toEqual(['Messageslowly, and be interrupted', 'Messagehi']);
  });
});

test('the lists have what was started, by state', async () => {
  const turnId = await start('hi');
  await rig.turns.getHandle(turnId).result();
  const page = await open('#/turns?status=completed');
  await expect.poll(() => page.locator('.row-link').allTextContents()).toContain(turnId);
  await page.getByRole('link', { name: 'Sessions' }).click();
  await becomes(page, 'h1', 'Sessions');
  await expect.poll(() => page.locator('tbody tr').count()).toBeGreaterThan(0);
});
