// A short run of `npm run test:chaos`, with seeds that stay the same.

import { expect, inject, test } from 'vitest';
import { planOf } from './chaos/faults.js';
import { soak } from './chaos/soak.js';

const SECONDS = 10;

test('the same seed gives the same plan of faults', () => {
  expect(planOf(1, 600_000)).toEqual(planOf(1, 600_000));
  expect(planOf(1, 600_000)).not.toEqual(planOf(2, 600_000));
});

test.each([7])(
  'turns side by side, while everything breaks, leave nothing behind that does not agree (seed %i)',
  { timeout: 300_000 },
  async (seed) => {
    const report = await soak({
      seed,
      seconds: SECONDS,
      atOnce: 6,
      workers: 2,
      programs: inject('programs'),
    });

    expect(report.failures).toEqual([]);
    // Else nothing was tested.
    expect(Object.keys(report.faults).length).toBeGreaterThan(2);
    expect(report.turns).toBeGreaterThanOrEqual(6);
  },
);
