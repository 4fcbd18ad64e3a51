/** A random turn as a run with a history. */
import { HistoryRun } from './history-run.js';
import { deliveriesOf } from './random-delivery.js';
import type { Delivery } from './random-delivery.js';
import type { Activity, RandomTurn } from './random-turn.js';
import type { Random } from './random.js';

export function randomRun(random: Random, { rounds }: RandomTurn): HistoryRun {
  const run = new HistoryRun();
  const stages = rounds.flatMap(({ inference, rejected, tools }) => [
    { rejected: [], activities: [inference] },
    { rejected, activities: tools },
  ]);
  const waitingFor = new Set<string>();
  /** In the order in which it will arrive; `late` comes at any time. */
  let coming: Delivery[] = [];
  let late: Delivery[] = [];
  const lateBySource = new Map<string, readonly Delivery[]>();

  const next = (count: number): Delivery[] =>
    Array.from({ length: count }, () => {
      const delivery = late.length > 0 && random.chance(0.3) ? random.pick(late) : coming.shift();
      late = late.filter((other) => other !== delivery);
      if (delivery && delivery.kind !== 'signal') late.push(...(lateBySource.get(delivery.source) ?? []));
      return delivery;
    }).filter((delivery) => delivery !== undefined);

  const begin = (activities: readonly Activity[]): void => {
    const deliveries = activities.map((activity) => deliveriesOf(random, activity));
    coming = random.interleaved(deliveries.map(({ inTime }) => inTime));
    activities.forEach(({ source }, index) => {
      waitingFor.add(source);
      lateBySource.set(source, deliveries[index]?.late ?? []);
    });
    run.schedule(...activities.map(({ source }) => source));
  };

  const goOn = (handled: readonly Delivery[]): void => {
    for (const delivery of handled) if (delivery.kind !== 'signal') waitingFor.delete(delivery.source);
    while (waitingFor.size === 0) {
      const stage = stages.shift();
      if (!stage) return endOf(random, run);
      if (stage.rejected.length > 0) run.say(stage.rejected);
      begin(stage.activities);
    }
  };

  run.task(goOn);
  while (!run.ended) {
    run.arrive(...next(random.int(4)));
    run.task(goOn, { during: next(random.int(3)), fails: random.chance(0.1) });
  }
  return run;
}

function endOf(random: Random, run: HistoryRun): void {
  const ends = [() => run.complete(), () => run.fail('It broke.'), () => run.cancel()];
  random.pick(ends)();
}
