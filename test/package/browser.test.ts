// The page of the installed package, in a real Chromium.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../viewer/browser.js';
import type { Chromium } from '../viewer/browser.js';
import { startDev } from './dev.js';
import type { Dev } from './dev.js';

let dev: Dev;
let chromium: Chromium;

beforeAll(async () => {
  [dev, chromium] = await Promise.all([startDev(), startChromium()]);
});

afterAll(async () => {
  await chromium?.close();
  await dev?.stop();
});

test('a newcomer starts a turn in the page and sees it stream to its end', async () => {
  const page = await chromium.open(`${dev.url}/`);
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByLabel('Agent').fill('assistant');
  await page.getByLabel('Message').fill('Count to 60.');
  await page.getByRole('button', { name: 'Start turn' }).click();
  const text = async (selector: string): Promise<string> => (await page.textContent(selector)) ?? '';

  // Some of it while the rest is not there yet.
  await expect.poll(() => text('.prose')).toMatch(/^1, 2/);
  expect(await text('.turn-state')).toContain('running');
  await expect.poll(() => text('.turn-end')).toMatch(/^Completed/);
  expect(await text('.prose')).toMatch(/59, 60\.$/);
  expect(chromium.complaints).toEqual([]);
});
