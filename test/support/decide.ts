// Somebody who decides, in a process of their own: node --import tsx decide.ts <turn id>. TEMPORAL_* say where.

import { TurnClient } from '../../src/client/index.js';

const turns = await TurnClient.connect({ taskQueue: 'none' });
const turn = turns.getHandle(process.argv[2] ?? '');
const [asked] = (await turn.progress()).inputs;
if (!asked) throw new Error('the turn asks nothing');
const { decision, by } = await turn.approve(asked, { by: 'another process' });
await turns.close();
console.log(`${decision} by ${by}`);
