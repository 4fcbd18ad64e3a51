// A real Chromium for the tests of the viewer.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const FIND = join(import.meta.dirname, '../../scripts/find-chromium.mjs');

export interface Chromium {
  /** A page of its own, with an empty storage. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** What went wrong in pages since they were opened: errors, what the content policy refused, requests to other servers. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** @throws Error that says what to install when there is no Chromium */
export async function startChromium(): Promise<Chromium> {
  const { stdout } = await promisify(execFile)(process.execPath, [FIND]).catch(
    (error: { stderr: string }) => {
      throw new Error(error.stderr);
    },
  );
  const browser = await chromium.launch({
    executablePath: stdout.trim(),
    headless: true,
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  return {
    complaints,
    open: async (url, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // The browser says so of every request that fails, also of those that a test lets fail.
        const expected = /Failed to load resource/.test(message.text());
        if (message.type() === 'error' && !expected) complaints.push(message.text());
      });
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`asked ${request.url()}`);
      });
      await page.goto(url);
      return page;
    },
    close: async () => {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}
