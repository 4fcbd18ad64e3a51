// Turns side by side while processes die and connections break: npm run test:chaos -- --seconds N [--seed S]
// The same seed gives the same turns and the same plan of faults. Exits with 1 when anything does not agree.

import { parseArgs } from 'node:util';
import { planOf } from './faults.js';
import { soak } from './soak.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    'at-once': { type: 'string', default: '20' },
    workers: { type: 'string', default: '3' },
    plan: { type: 'boolean', default: false },
  },
});
const numberOf = (name: 'seconds' | 'seed' | 'at-once' | 'workers', least: number): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${name} is "${values[name]}": give a whole number from ${least}`);
  process.exit(2);
};
const seed = numberOf('seed', 0);
const seconds = numberOf('seconds', 1);
const options = { seed, seconds, atOnce: numberOf('at-once', 1), workers: numberOf('workers', 2) };

console.log(`seed ${seed}`);
process.once('uncaughtException', (error) => {
  console.error(`FAILED, repeat with --seed ${seed}:`, error);
  process.exit(1);
});
if (values.plan) {
  console.log(JSON.stringify(planOf(seed, seconds * 1000), undefined, 2));
} else {
  const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
  const { failures, ...report } = await soak({ ...options, log });
  console.log(JSON.stringify(report, undefined, 2));
  for (const failure of failures) console.error(`FAILED ${failure}`);
  console.log(failures.length > 0 ? `${failures.length} failures; repeat with --seed ${seed}` : 'all agrees');
  process.exitCode = failures.length > 0 ? 1 : 0;
}
