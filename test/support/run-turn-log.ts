/** Takes a random turn through a TurnLog: as it was meant, or as it arrives. */
import { WORKFLOW_SOURCE } from '../../src/events/source.js';
import { TurnLog } from '../../src/events/turn-log.js';
import type { BatchEvent } from '../../src/events/batch.js';
import type { TurnEndEvent, TurnEvent } from '../../src/events/turn-event.js';
import { AT } from './batches.js';
import { deliveriesOf } from './random-delivery.js';
import type { Delivery } from './random-delivery.js';
import type { Activity, RandomTurn } from './random-turn.js';
import type { Random } from './random.js';

const END: TurnEndEvent = {
  type: 'turn_cancelled',
  turn_id: 't',
  at: AT,
  response_ids: [],
  num_steps: 0,
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
};

export interface Run {
  readonly log: TurnLog;
  readonly told: readonly TurnEvent[];
}

/** Each activity says what counts, at once, in one batch. */
export function asMeant(turn: RandomTurn): Run {
  const run = new Running();
  turn.rounds.forEach(({ inference, rejected, tools }, index) => {
    run.whole(inference);
    run.say(index, rejected);
    for (const tool of tools) run.whole(tool);
  });
  return run.end();
}

/** Signals, hand-overs and ends as `random` has them arrive. */
export function asDelivered(random: Random, turn: RandomTurn): Run {
  const run = new Running();
  let late: Delivery[] = [];
  const maybeLate = (): void => {
    while (late.length > 0 && random.chance(0.4)) {
      const delivery = random.pick(late);
      late = late.filter((other) => other !== delivery);
      run.deliver(delivery);
    }
  };
  const deliverAll = (activities: readonly Activity[]): void => {
    for (const { source } of activities) run.open(source);
    const deliveries = activities.map((activity) => deliveriesOf(random, activity));
    const streams = deliveries.map(({ inTime, late: after, strange }) => [...inTime, [...after, ...strange]]);
    for (const next of random.interleaved<Delivery | readonly Delivery[]>(streams)) {
      if ('kind' in next) run.deliver(next);
      else late.push(...next);
      maybeLate();
    }
  };
  turn.rounds.forEach(({ inference, rejected, tools }, index) => {
    deliverAll([inference]);
    run.say(index, rejected);
    maybeLate();
    deliverAll(tools);
  });
  return run.end();
}

class Running implements Run {
  readonly log = new TurnLog('t');
  readonly told: TurnEvent[] = [];

  constructor() {
    this.told.push(...this.log.start({ agent: 'assistant', schema: 1, at: AT }));
  }

  open(source: string): void {
    this.told.push(...this.log.open(source, AT));
  }

  deliver(delivery: Delivery): void {
    this.told.push(...deliverTo(this.log, delivery, AT));
  }

  say(n: number, events: readonly BatchEvent[]): void {
    this.told.push(...this.log.say({ source: WORKFLOW_SOURCE, epoch: 0, attempt: 1, n, events }));
  }

  whole({ source, attempts, counts, end }: Activity): void {
    const { epoch = 1, attempt = 1 } = attempts.at(-1) ?? {};
    const batch = { source, epoch, attempt, n: 0, events: counts };
    this.open(source);
    if (end.kind === 'closed') this.deliver({ kind: 'signal', batch });
    this.deliver(
      end.kind === 'closed'
        ? { ...end, source }
        : { kind: 'settled', source, done: { epoch, attempt, batches: [batch], ...end } },
    );
  }

  end(): Run {
    this.told.push(...this.log.end(END));
    return this;
  }
}

export function deliverTo(log: TurnLog, delivery: Delivery, at: string): TurnEvent[] {
  switch (delivery.kind) {
    case 'signal':
      return log.accept(delivery.batch);
    case 'settled':
      return log.settle(delivery.source, delivery.done, at);
    case 'closed':
      return log.close(delivery.source, delivery.end, at);
  }
}
