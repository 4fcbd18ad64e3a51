// A worker of tools that work on files, in a process that dies around their side effects. LEDGER is their folder.

import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerTools } from './ledger-tools.js';
import { runWorker, setting } from './run-worker.js';

const dir = setting('LEDGER');
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const tools = ledgerTools(setting('TASK_QUEUE'), {
  async pay({ idempotencyKey, attempt }) {
    appendFileSync(join(dir, 'attempts'), `${idempotencyKey} ${attempt}\n`);
    // Only first attempts die, or a turn would never end; with them die their siblings, wherever those are.
    const point = attempt === 1 ? Math.random() : 1;
    await sleep(Math.random() * 20);
    if (point < 0.25) die();
    const entry = join(dir, `entry-${encodeURIComponent(idempotencyKey)}`);
    if (!existsSync(entry)) writeFileSync(entry, '', { flag: 'wx' });
    if (point < 0.5) die();
    if (point < 0.75) setTimeout(die, Math.random() * 50);
    return 'paid';
  },
  async meet({ idempotencyKey, attempt }, place) {
    appendFileSync(join(dir, 'met'), `${place} ${attempt}\n`);
    writeFileSync(join(dir, `here-${encodeURIComponent(idempotencyKey)}`), '');
    // Nobody goes on before all three are here: one after another they would wait for ever.
    while (readdirSync(dir).filter((name) => name.startsWith('here-')).length < 3) await sleep(10);
    // The last one does not come back the first time.
    if (place === 3 && attempt === 1) await new Promise(() => undefined);
    return place;
  },
});

await runWorker({ tools });
