// The viewer in a real Chromium, on a gateway whose every event the test says itself.

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startChromium } from './browser.js';
import type { Chromium } from './browser.js';
import { Canned, queued, turnPath } from './canned-turns.js';
import { FakeGateway } from './fake-gateway.js';
import { buildViewer } from './viewer-files.js';

let files: string;
let chromium: Chromium;
let gateway: FakeGateway;

beforeAll(async () => {
  files = await buildViewer();
  chromium = await startChromium();
});

afterAll(() => chromium?.close());

beforeEach(async () => {
  gateway = await FakeGateway.start(files);
});

afterEach(async () => {
  await gateway.stop();
  const complaints = chromium.complaints.splice(0);
  if (complaints.length > 0) throw new Error(`The page complains: ${complaints.join('; ')}`);
});

const open = (hash: string): Promise<Page> => chromium.open(`${gateway.url}/${hash}`);
const show = (turn: Canned): string => {
  gateway.add(turnPath(turn.turnId), turn.summary, turn.events);
  return turnPath(turn.turnId);
};
const text = async (page: Page, selector: string): Promise<string> =>
  (await page.textContent(selector)) ?? '';
const texts = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allTextContents();
/** Waits until the text of an element is this. */
const becomes = (page: Page, selector: string, wanted: string | RegExp): Promise<void> =>
  expect.poll(() => text(page, selector)).toMatch(wanted);

describe('a turn', () => {
  test('is shown while it runs: text, tool, answer, end', async () => {
    const path = show(new Canned('t1').model().says('Let me ', 'look.'));
    const page = await open('#/turns/t1');
    await becomes(page, '.prose', /^Let me look\.$/);
    expect(await text(page, '.turn-state')).toContain('running');

    const rest = new Canned('t1').model();
    const known = rest.events.length;
    rest
      .done({ text: 'Let me look.', calls: [{ tool_name: 'find_order', arguments: '{"order":42}' }] })
      .tool('find_order', { order: 42 })
      .returns({ status: 'shipped' }, { name: 'find_order' })
      .model()
      .done({ text: 'It was **shipped**.' })
      .completed('It was **shipped**.');
    gateway.say(path, ...rest.events.slice(known));
    gateway.end(path);

    await becomes(page, '.turn-end', /^Completed/);
    expect(await texts(page, '.step-name')).toEqual(['Model', 'find_order', 'Model']);
    expect(await texts(page, '.step-number')).toEqual(['1', '2', '3']);
    expect(await page.locator('.prose strong').textContent()).toBe('shipped');
    expect(await text(page, '.step[data-type=tool_execution]')).toMatch(
      /client-side.*"order": 42.*"shipped"/s,
    );
    await becomes(page, '.connection', 'All events read');
    expect(await page.title()).toContain('completed');
  });

  test('shows no word of the model as markup, and follows no link of its own', async () => {
    const evil = '<img src=x onerror="document.title=\'owned\'"> [x](javascript:alert(1)) <script>1</script>';
    show(
      new Canned('evil').model().done({ text: evil }).tool('x', { a: evil }).returns(evil).completed(evil),
    );
    const page = await open('#/turns/evil');

    await becomes(page, '.prose', /onerror/);
    expect(await page.locator('main img, main script, main a[href^=javascript]').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
  });

  test('strikes out what was superseded and says why', async () => {
    const turn = new Canned('again').model().says('Wrong words');
    turn.superseded('stream_interrupted', 'The stream ended early.').goOn({ attempt: 2 });
    show(turn.done({ text: 'Right words' }).completed('Right words'));
    const page = await open('#/turns/again');

    await becomes(page, '.superseded summary', 'Model superseded · The stream ended early.');
    expect(await text(page, 'main')).not.toContain('Wrong words');
    expect(await texts(page, '.step-number')).toEqual(['1']);
  });

  test('shows hosted tools, failed attempts, reports, sources, reasoning and refusals', async () => {
    const turn = new Canned('all')
      .model()
      .done({ reasoning: 'Thinking hard.', stop_reason: 'server_tool_call' });
    turn
      .tool('file_search', { queries: ['x'] }, { server_side: true, tool_type: 'file_search' })
      .returns('2 hits');
    turn.goOn().done({ text: 'Found.', annotations: [{ type: 'file_citation', filename: 'a.md' }] });
    turn.tool('slow', {}).tries(1).fails(1, 'no answer').tries(2).report({ done: 14 });
    show(turn);
    const page = await open('#/turns/all');

    await becomes(page, '.timeline', /file_search.*server-side.*2 hits/s);
    await becomes(page, '.timeline', /slow.*client-side.*attempt 2.*no answer.*"done": 14/s);
    await page.getByText('Reasoning').click();
    expect(await text(page, '.reasoning')).toContain('Thinking hard.');
    await page.getByText('1 source').click();
    expect(await text(page, '.annotations')).toContain('a.md');
  });

  test('tells why it failed and what to do', async () => {
    const message = 'The model does not exist. Read its message: a model name is wrong.';
    const error = {
      code: 'request_rejected',
      message,
      source: 'model',
      retryable: false,
      http_status: 404,
    } as const;
    show(new Canned('bad').failed(error));
    const page = await open('#/turns/bad');

    await becomes(page, '.turn-end', /Failed.*request_rejected.*a model name is wrong.*404/s);
  });

  test('is cancelled by its button', async () => {
    const path = show(new Canned('stop').model());
    const page = await open('#/turns/stop');
    await page.getByRole('button', { name: 'Cancel turn' }).click();

    await expect.poll(() => gateway.posts).toEqual([{ path: '/turns/stop/cancel', body: null }]);
    gateway.say(path, ...new Canned('stop').cancelled().events.slice(1));
    await becomes(page, '.turn-end', /^Cancelled/);
  });

  test('that does not exist says so', async () => {
    const page = await open('#/turns/none');
    await becomes(page, 'main', /There is no turn of this id\./);
  });

  test('has an address that survives a reload, as have its events', async () => {
    show(new Canned('chat/m-1').model().done({ text: 'Hello' }).completed('Hello'));
    const page = await open('#/turns/chat%2Fm-1');
    await becomes(page, '.prose', 'Hello');
    await page.getByRole('link', { name: /Events/ }).click();
    await page.reload();

    await expect.poll(() => page.locator('.event-row').count()).toBe(4);
    await page.locator('.event-row').first().click();
    expect(await text(page, '.event-detail')).toMatch(/\/turns\/chat%2Fm-1#0.*"type": "turn_started"/s);
  });
});

describe('a question', () => {
  const asking = (kind: 'approval' | 'tool_output') =>
    new Canned('ask')
      .model()
      .done({ calls: [{ tool_name: 'refund', arguments: '{}' }] })
      .tool('refund', { cents: 42 })
      .asks('refund', { cents: 42 }, kind);

  test('is approved by a click, bound to the arguments that were shown', async () => {
    const turn = asking('approval');
    const path = show(turn);
    const page = await open('#/turns/ask');
    await becomes(page, '.question', /Allow refund\?.*"cents": 42/s);
    const asked = turn.events.length;
    gateway.onPost = () => {
      gateway.say(path, ...turn.answered('approve', 'ada').returns('done').events.slice(asked));
      return { status: 200, body: {} };
    };
    await page.getByRole('button', { name: 'Approve refund' }).click();

    await becomes(page, '.decided', 'Approved by ada');
    expect(await page.locator('.question').count()).toBe(0);
    expect(gateway.posts).toEqual([
      {
        path: expect.stringContaining('/turns/ask/inputs/input-'),
        body: { decision: 'approve', arguments_hash: 'a1b2' },
      },
    ]);
  });

  test('is denied with a reason, and a refusal by the gateway is told', async () => {
    show(asking('approval'));
    gateway.onPost = () => ({
      status: 409,
      body: { detail: 'It was decided before.', code: 'input_already_resolved' },
    });
    const page = await open('#/turns/ask');
    await page.getByLabel(/Reason/).fill('too much');
    await page.getByRole('button', { name: 'Deny refund' }).click();

    await becomes(page, '.question [role=alert]', 'It was decided before.');
    expect(gateway.posts[0]?.body).toEqual({ decision: 'deny', reason: 'too much', arguments_hash: 'a1b2' });
  });

  test('for an output takes text, JSON and errors', async () => {
    show(asking('tool_output'));
    gateway.onPost = () => ({ status: 409, body: { detail: 'again' } });
    const page = await open('#/turns/ask');
    const box = page.getByLabel('What the model is told');
    const send = page.getByRole('button', { name: 'Send output' });
    await box.fill('{"a":1}');
    await send.click();
    await page.getByLabel('It is JSON').check();
    await send.click();
    await box.fill('{"a"');
    expect(await send.isDisabled()).toBe(true);
    await box.fill('it broke');
    await page.getByRole('button', { name: 'Send as an error' }).click();

    await expect
      .poll(() => gateway.posts.map(({ body }) => body))
      .toEqual([
        { decision: 'output', output: '{"a":1}', arguments_hash: 'a1b2' },
        { decision: 'output', output: { a: 1 }, arguments_hash: 'a1b2' },
        { decision: 'error', reason: 'it broke', arguments_hash: 'a1b2' },
      ]);
  });
});

describe('the connection', () => {
  const numbered = (from: number, to: number) =>
    new Canned('n')
      .model()
      .says(...Array.from({ length: to - from }, (_, i) => `${from + i} `))
      .events.slice(2);
  const wanted = (to: number): string => Array.from({ length: to }, (_, i) => i).join(' ');

  test('is made again without a gap or a repeat when it breaks, is cut, or the gateway restarts', async () => {
    const path = show(new Canned('n').model());
    const page = await open('#/turns/n');
    gateway.say(path, ...numbered(0, 50));
    await becomes(page, '.prose', new RegExp(`^${wanted(50)}\\s*$`));

    gateway.cut(path);
    gateway.say(path, ...numbered(50, 100));
    await becomes(page, '.prose', new RegExp(`^${wanted(100)}\\s*$`));

    await expect.poll(() => text(page, '.connection')).toBe('Live');
    gateway.cut(path, { slow: true });
    gateway.say(path, ...numbered(100, 150));
    await becomes(page, '.prose', new RegExp(`^${wanted(150)}\\s*$`));

    const port = await gateway.down();
    await becomes(page, '.connection', /Reconnecting|Connecting/);
    gateway.say(path, ...numbered(150, 200));
    await gateway.listen(port);
    await becomes(page, '.prose', new RegExp(`^${wanted(200)}\\s*$`));

    expect(await texts(page, '.tabs .num')).toEqual(['202']);
    expect(gateway.cursors[0]).toBeUndefined();
    expect(new Set(gateway.cursors.slice(1))).toEqual(new Set([`${path}#51`, `${path}#101`, `${path}#151`]));
  });

  test('starts anew when the turn has become another one, as a reset makes it', async () => {
    const path = show(new Canned('n').model().says('Old ', 'and ', 'gone'));
    const page = await open('#/turns/n');
    await becomes(page, '.prose', /^Old and gone$/);
    gateway.cut(path);
    show(new Canned('n').model().says('New'));

    await becomes(page, '.prose', /^New$/);
    await becomes(page, '.connection', 'Live');
    expect(await texts(page, '.tabs .num')).toEqual(['3']);
  });

  test('tells what comes also while the browser draws no frames, as for a page out of sight', async () => {
    const path = show(new Canned('n').model());
    const page = await open('#/turns/n');
    await page.addInitScript('window.requestAnimationFrame = () => 0');
    await page.reload();
    await becomes(page, '.connection', 'Live');
    gateway.say(path, ...numbered(0, 50));

    await becomes(page, '.prose', new RegExp(`^${wanted(50)}\\s*$`));
  });

  test('asks for a token when the gateway wants one, and keeps it for the tab', async () => {
    gateway.token = 'secret';
    show(new Canned('t').model().done({ text: 'Hidden words' }).completed('x'));
    const page = await open('#/turns/t');
    await page.getByLabel('Bearer token').fill('wrong');
    await page.keyboard.press('Enter');
    await becomes(page, 'dialog [role=alert]', 'The token was refused.');
    await page.getByLabel('Bearer token').fill('secret');
    await page.keyboard.press('Enter');
    await becomes(page, '.prose', 'Hidden words');
    await page.reload();

    await becomes(page, '.prose', 'Hidden words');
    expect(await page.locator('dialog').count()).toBe(0);
  });

  test('ten thousand deltas end as one text, and only what is in sight is drawn of their events', async () => {
    const path = show(new Canned('n').model());
    const page = await open('#/turns/n');
    await becomes(page, '.connection', 'Live');
    for (let n = 0; n < 10_000; n += 100) gateway.say(path, ...numbered(n, n + 100));

    await expect.poll(() => text(page, '.prose'), { timeout: 60_000 }).toBe(`${wanted(10_000)} `);
    await page.getByRole('link', { name: /Events/ }).click();
    await expect
      .poll(() => texts(page, '.events-list > p'))
      .toEqual([expect.stringContaining('10,002 events')]);
    expect(await page.locator('.event-row').count()).toBeLessThan(100);
    await page.evaluate("document.querySelector('.events-scroll').scrollTop = 1e9");
    await expect.poll(() => texts(page, '.event-row .event-number')).toContain('10002');
  });
});

test('of two thousand steps the last are drawn at first, and few clicks lead to the first one', async () => {
  const turn = new Canned('many');
  for (let n = 0; n < 1000; n += 1) {
    turn.model().done({ calls: [{ tool_name: 'next', arguments: `{"n":${n}}` }] });
    turn.tool('next', { n }).returns({ n });
  }
  show(turn);
  const page = await open('#/turns/many');
  await becomes(page, '.step:last-child .step-number', '2000');
  expect(await page.locator('.step').count()).toBeLessThan(200);
  const earlier = page.getByRole('button', { name: /^Show earlier steps/ });
  for (let click = 0; click < 4; click += 1) await earlier.click();
  await expect.poll(() => earlier.count()).toBe(0);
  expect(await page.locator('.step-number').first().textContent()).toBe('1');
});

describe('lists', () => {
  test('turns come newest first, page by page, and are filtered in the address', async () => {
    for (let n = 1; n <= 25; n++) {
      show(new Canned(`job-${n}`, { agent: n % 2 ? 'clerk' : 'assistant' }).model().done().completed('x'));
    }
    show(new Canned('runs', { agent: 'clerk' }).model());
    const page = await open('#/turns');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(20);
    await page.getByRole('link', { name: 'Older' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(6);

    await page.getByLabel('State').selectOption('running');
    await expect.poll(() => texts(page, '.row-link')).toEqual(['runs']);
    expect(page.url()).toMatch(/#\/turns\?status=running$/);
    await page.reload();
    await expect.poll(() => texts(page, '.row-link')).toEqual(['runs']);
  });

  test('a new turn appears by itself', async () => {
    const page = await open('#/turns');
    await becomes(page, 'main', /No turn yet/);
    show(new Canned('new').model());
    await expect.poll(() => texts(page, '.row-link')).toEqual(['new']);
  });

  test('an agent that is offered late gives way to what somebody types', async () => {
    const page = await open('#/turns');
    let offer: () => void = () => {};
    const offered = new Promise<void>((resolve) => {
      offer = resolve;
    });
    await page.route('**/agents', async (route) => {
      await offered;
      await route.continue();
    });
    await page.keyboard.press('n');
    const field = page.getByRole('dialog').getByLabel('Agent');
    expect(await field.inputValue()).toBe('');
    offer();
    await expect.poll(() => field.inputValue()).toBe('assistant');
    await page.keyboard.insertText('clerk');
    expect(await field.inputValue()).toBe('clerk');
  });

  test('a turn is started from the page and opened', async () => {
    gateway.onPost = ({ body }) => {
      gateway.inputs.set('/turns/mine', body as Readonly<Record<string, unknown>>);
      show(new Canned('mine').model().done({ text: 'Hi' }).completed('Hi'));
      return { status: 201, body: { turn_id: 'mine', body } };
    };
    const page = await open('#/turns');
    await becomes(page, 'main', /No turn yet/);
    await page.keyboard.press('n');
    await expect.poll(() => page.getByRole('dialog').getByLabel('Agent').inputValue()).toBe('assistant');
    await page.getByLabel('Message').fill('Hello');
    await page.getByText('More', { exact: true }).click();
    await page.getByLabel(/Further fields/).fill('{"limits": {"max_seconds": 60}}');
    await page.getByRole('button', { name: 'Start turn' }).click();

    await becomes(page, '.prompt', /Hello.*limits.*max_seconds/s);
    expect(gateway.posts).toEqual([
      { path: '/turns', body: { agent: 'assistant', input: 'Hello', limits: { max_seconds: 60 } } },
    ]);
  });
});

describe('a session', () => {
  const session = '/sessions/chat-1';
  const first = new Canned('chat-1/m-1', { session: 'chat-1' })
    .model()
    .done({ text: 'Hello Ada' })
    .completed('x');

  beforeEach(() => {
    gateway.inputs.set(turnPath('chat-1/m-1'), { agent: 'assistant', input: 'Hi, I am Ada' });
    gateway.add(session, { session_id: 'chat-1', agent: 'assistant', status: 'open', state: 'idle' }, [
      queued('chat-1', 'm-1'),
      ...first.events,
    ]);
  });

  test('is a chat that streams: send, answer, send while it is busy', async () => {
    gateway.onPost = ({ body }) => {
      const { message_id } = body as { message_id: string };
      gateway.inputs.set(turnPath(`chat-1/${message_id}`), body as Readonly<Record<string, unknown>>);
      const turn = new Canned(`chat-1/${message_id}`, { session: 'chat-1' }).model().says('Word by ', 'word');
      gateway.say(session, queued('chat-1', message_id), ...(gateway.posts.length === 1 ? turn.events : []));
      return { status: 202, body: { session_id: 'chat-1', message_id, turn_id: turn.turnId } };
    };
    const page = await open('#/sessions/chat-1');
    await becomes(page, '.answer', /Hello Ada/);
    const box = page.getByLabel('Message to assistant');
    await box.fill('And now?');
    await box.press('Enter');
    await expect.poll(() => texts(page, '.answer .prose')).toEqual(['Hello Ada', 'Word by word']);
    expect(await texts(page, '.said')).toEqual(['MessageHi, I am Ada', 'MessageAnd now?']);

    await page.getByText('Interrupt', { exact: true }).click();
    await box.fill('Stop that');
    await box.press('Enter');
    await expect.poll(() => texts(page, '.exchange')).toHaveLength(3);
    expect(gateway.posts.map(({ body }) => body)).toMatchObject([
      { agent: 'assistant', input: 'And now?', while_busy: 'queue' },
      { agent: 'assistant', input: 'Stop that', while_busy: 'interrupt' },
    ]);
  });

  test('shows messages where they joined, and once what an interrupted turn heard already', async () => {
    const said = (id: string, input: unknown): unknown =>
      gateway.inputs.set(turnPath(`chat-1/${id}`), { agent: 'assistant', input });
    const user = (content: string) => ({ role: 'user', content });
    said('m-2', 'Look it up');
    said('m-3', 'In Rome');
    said('m-4', [
      user('Look it up'),
      user('In Rome'),
      { role: 'user', content: [{ type: 'input_text', text: 'Stop' }] },
    ]);
    const second = new Canned('chat-1/m-2', { session: 'chat-1' }).model().done({ text: 'I look.' });
    const between = second.events.length;
    second.model().says('Rome ').cancelled();
    const third = new Canned('chat-1/m-4', { session: 'chat-1' })
      .model()
      .done({ text: 'Yes.' })
      .completed('Yes.');
    const joins = { session_id: 'chat-1', message_id: 'm-3', turn_id: 'chat-1/m-2' };
    const at = '2026-03-01T09:30:01.950Z';
    gateway.say(
      session,
      queued('chat-1', 'm-2'),
      ...second.events.slice(0, between),
      queued('chat-1', 'm-3', at),
    );
    gateway.say(session, { type: 'message_steered', ...joins, at }, ...second.events.slice(between));
    gateway.say(session, queued('chat-1', 'm-4'), ...third.events);
    const page = await open('#/sessions/chat-1');

    await expect
      .poll(() => texts(page, '.exchange'))
      .toEqual([
        expect.stringMatching(/^MessageHi, I am Ada.*Hello Ada/s),
        expect.stringMatching(/^MessageLook it up.*I look\..*In Rome.*joined the turn.*Rome /s),
        expect.stringMatching(/^MessageStop.*Yes\./s),
      ]);
  });

  test('that is closed takes no more messages', async () => {
    gateway.add(session, { state: 'closed' }, [queued('chat-1', 'm-1'), ...first.events]);
    gateway.end(session);
    const page = await open('#/sessions/chat-1');

    await becomes(page, '.chat-foot', /closed/);
    expect(await page.getByRole('textbox').count()).toBe(0);
  });
});

describe('everybody can use it:', () => {
  const turn = () =>
    new Canned('t')
      .model()
      .done({ text: 'One', calls: [{ tool_name: 'find', arguments: '{}' }] })
      .tool('find', { a: 1 })
      .returns('x')
      .model()
      .done({ text: 'Two' })
      .completed('Two');

  test('landmarks, headings, names and states are there for screen readers', async () => {
    show(turn());
    const page = await open('#/turns/t');
    await becomes(page, '.turn-end', /Completed/);
    const tree = await page.locator('body').ariaSnapshot();

    for (const part of [
      '- banner:',
      '- navigation "Main":',
      '- main:',
      '- heading "t" [level=1]',
      '- heading "Steps" [level=2]',
      '- region "Timeline":',
      '- \'article "Step 2: find, completed"\':',
      '- button "2 find" [expanded]',
      '- complementary "Facts about the turn":',
      '- status:',
    ]) {
      expect(tree).toContain(part);
    }
    await becomes(page, '[role=status]', /^Turn completed\. Two$/);
  });

  test('the keyboard reaches all: pages, steps, the question, the list of keys', async () => {
    show(turn());
    const page = await open('#/turns/t');
    await becomes(page, '.turn-end', /Completed/);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const second = page.locator('[data-step]').nth(1);
    await expect.poll(() => second.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('e');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('ArrowDown');
    expect(await text(page, '.event-detail')).toContain('turn_started');
    await page.keyboard.press('?');
    await becomes(page, 'dialog', /Next step/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect.poll(() => page.url()).toMatch(/#\/sessions$/);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Sessions');
  });

  test.each(['light', 'dark'] as const)(
    'texts stand out from what is behind them in %s colours',
    async (colorScheme) => {
      show(turn().failed({ code: 'c', message: 'm', source: 'model', retryable: false }));
      const page = await chromium.open(`${gateway.url}/#/turns/t`, { colorScheme });
      await becomes(page, '.turn-end', /Completed/);
      const faint: unknown = await page.evaluate(FAINT_TEXTS);
      expect(faint).toEqual([]);
    },
  );

  test('lists are tables for screen readers on a telephone too', async () => {
    show(turn());
    const page = await chromium.open(`${gateway.url}/#/turns`, { viewport: { width: 320, height: 640 } });
    await page.getByRole('table', { name: 'Turns, newest first' }).waitFor();
    const tree = await page.getByRole('table').ariaSnapshot();

    const columns = ['Turn', 'State', 'Agent', 'Session', 'Started', 'Took'];
    for (const column of columns) expect(tree).toContain(`- columnheader "${column}"`);
    expect(tree).toContain('- rowheader "t"');
    expect(await page.getByRole('row').nth(1).getByRole('cell').count()).toBe(columns.length - 1);
    expect(await page.locator('tbody td:not([role=cell])').count()).toBe(0);
  });

  test('nothing is wider than a small telephone', async () => {
    show(turn());
    const page = await chromium.open(`${gateway.url}/#/turns/t`, { viewport: { width: 320, height: 640 } });
    await becomes(page, '.turn-end', /Completed/);
    for (const hash of ['#/turns/t', '#/turns', '#/turns/t?view=events']) {
      await page.goto(`${gateway.url}/${hash}`);
      await page.waitForSelector('h1');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    }
  });

  test.each([1280, 375])('a list of long names shows all its columns, %i px wide', async (width) => {
    const long = 'a-name-that-goes-on-'.repeat(6);
    show(new Canned(`turn-${long}`, { agent: `agent-${long}`, session: `session-${long}` }).model());
    const page = await chromium.open(`${gateway.url}/#/turns`, { viewport: { width, height: 800 } });
    await page.getByRole('rowheader').waitFor();
    const card = await page.locator('.table-card').boundingBox();
    const cells = page.getByRole('row').last().locator('th, td');
    for (const cell of await cells.all()) {
      const box = await cell.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((card?.x ?? 0) + (card?.width ?? 0));
    }
    // Of the id stands enough on a line to be read.
    expect((await cells.first().boundingBox())?.width).toBeGreaterThan(200);
  });

  test.each([1280, 375])('what ends a turn is in reach of who reads its end, %i px wide', async (width) => {
    const words = Array.from({ length: 3000 }, (_, n) => `word${n} `).join('');
    gateway.add('/sessions/chat-1', { session_id: 'chat-1', state: 'open' });
    const long = new Canned('chat-1/m-1', { session: 'chat-1' }).model().says(words);
    gateway.say('/sessions/chat-1', queued('chat-1', 'm-1'), ...long.events);
    show(long);
    const page = await chromium.open(`${gateway.url}/#/turns/chat-1%2Fm-1`, {
      viewport: { width, height: 700 },
    });
    for (const [hash, name] of [
      ['#/turns/chat-1%2Fm-1', 'Cancel turn'],
      ['#/sessions/chat-1', 'Stop'],
    ] as const) {
      await page.goto(`${gateway.url}/${hash}`);
      await becomes(page, '.prose', /word2999/);
      await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(1000);
      const button = page.getByRole('button', { name });
      // A click by Playwright would scroll to it; whoever reads would lose the end.
      const { x = 0, y = 0, width: across = 0, height = 0 } = (await button.boundingBox()) ?? {};
      const there = `${x + across / 2}, ${y + height / 2}`;
      expect(
        await page.evaluate(`document.elementFromPoint(${there})?.closest('button')?.textContent.trim()`),
      ).toBe(name);
    }
  });

  test('the colours that somebody chose stay', async () => {
    const page = await chromium.open(`${gateway.url}/#/turns`, { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Use light colours' }).waitFor();
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
  });
});

/** Every text of the page whose contrast with the nearest colour behind it is below 4.5 to 1. */
const FAINT_TEXTS = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return rgba('white');
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.textContent.trim() === '' || !element.checkVisibility() || element.closest('.hidden, noscript, :disabled')) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.push(walker.currentNode.textContent.trim() + ' ' + contrast.toFixed(2));
  }
  return found;
})()`;
