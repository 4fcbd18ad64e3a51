import { describe, expect, it } from 'vitest';
import { AT } from '../../test/support/batches.js';
import { deliveriesOf } from '../../test/support/random-delivery.js';
import { randomTurn } from '../../test/support/random-turn.js';
import { forSeeds } from '../../test/support/random.js';
import { asDelivered, asMeant, deliverTo } from '../../test/support/run-turn-log.js';
import { brokenSteps } from '../../test/support/step-lives.js';
import { visible } from '../../test/support/visible.js';
import { advance } from './advance.js';
import { emptyProgress } from './progress.js';
import { TurnLog } from './turn-log.js';

describe('a turn whose batches are repeated, stale, late, cut and merged anyhow', () => {
  it('folds to what was meant', async () => {
    await forSeeds(400, (random) => {
      const turn = randomTurn(random);
      expect(visible(asDelivered(random, turn).log.progress)).toEqual(visible(asMeant(turn).log.progress));
    });
  });

  it('has no gaps', async () => {
    await forSeeds(200, (random) => {
      expect(asDelivered(random, randomTurn(random)).log.gaps).toBe(0);
    });
  });

  it('tells each step in order, from one start to one end', async () => {
    await forSeeds(200, (random) => {
      expect(brokenSteps(asDelivered(random, randomTurn(random)).told)).toEqual([]);
    });
  });

  it('tells just the events that fold to its progress', async () => {
    await forSeeds(100, (random) => {
      const { log, told } = asDelivered(random, randomTurn(random));
      expect(told.reduce(advance, emptyProgress('t'))).toEqual(log.progress);
    });
  });
});

describe('a log that is given anything in any order', () => {
  it('still tells each step in order, from a start to an end', async () => {
    await forSeeds(300, (random) => {
      const activities = randomTurn(random).rounds.flatMap(({ inference, tools }) => [inference, ...tools]);
      const log = new TurnLog('t');
      const told = activities.flatMap(({ source }) => (random.chance(0.9) ? log.open(source, AT) : []));
      const streams = activities.map((activity) => {
        const { inTime, late, strange } = deliveriesOf(random, activity);
        return [...inTime, ...late, ...strange].filter(() => random.chance(0.8));
      });
      for (const delivery of random.interleaved(
        [...streams, ...streams].map((stream) => stream.toReversed()),
      ))
        told.push(...deliverTo(log, delivery, AT));
      const { response_ids, num_steps, usage } = log.progress;
      told.push(...log.end({ type: 'turn_cancelled', turn_id: 't', at: AT, response_ids, num_steps, usage }));
      // What comes in any order may end with an attempt that others had followed.
      expect(brokenSteps(told, { reset: true })).toEqual([]);
      expect(told.reduce(advance, emptyProgress('t'))).toEqual(log.progress);
    });
  });
});

describe('advance', () => {
  it('leaves what it is given as it was', async () => {
    await forSeeds(50, (random) => {
      const { told } = asDelivered(random, randomTurn(random));
      // Writing to a frozen object throws: modules are strict.
      told.reduce(
        (progress, event) => deepFrozen(advance(progress, deepFrozen(event))),
        deepFrozen(emptyProgress('t')),
      );
    });
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
