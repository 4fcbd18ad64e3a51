/** What Prometheus is told. All label values come from lists of ours, so that their number is bounded. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CutReason, StreamObserver } from './event-stream.js';

/** What can be counted at any time. */
export interface Watched {
  readonly watchers: number;
  readonly readers: number;
  readonly bytes: number;
}

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'];
const PREFIX = 'durable_turns_gateway';
const SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60];

export class GatewayMetrics implements StreamObserver {
  readonly registry = new Registry();
  readonly #requests: Counter;
  readonly #seconds: Histogram;
  readonly #sent: Counter;
  readonly #cut: Counter;

  constructor(watched: Watched) {
    const registers = [this.registry];
    const gauge = (name: string, help: string, value: () => number): void => {
      // It registers itself.
      void new Gauge({
        name: `${PREFIX}_${name}`,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    };
    this.#requests = new Counter({
      name: `${PREFIX}_requests_total`,
      help: 'Requests that were answered; streams count when they begin.',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#seconds = new Histogram({
      name: `${PREFIX}_request_seconds`,
      help: 'From the request to the head of the answer.',
      labelNames: ['route'],
      buckets: SECONDS,
      registers,
    });
    this.#sent = new Counter({
      name: `${PREFIX}_events_sent_total`,
      help: 'Events that were given to watchers.',
      registers,
    });
    this.#cut = new Counter({
      name: `${PREFIX}_streams_cut_total`,
      help: 'Event streams that ended before their turn, by reason.',
      labelNames: ['reason'],
      registers,
    });
    gauge('watchers', 'Watchers of events, and requests that wait for a result.', () => watched.watchers);
    gauge('readers', 'Histories that are read for watchers.', () => watched.readers);
    gauge('kept_bytes', 'Bytes of events that are kept for watchers.', () => watched.bytes);
  }

  answered(route: string, method: string, status: number, seconds: number): void {
    this.#requests.inc({ route, method: METHODS.includes(method) ? method : 'other', status });
    this.#seconds.observe({ route }, seconds);
  }

  sent(events: number): void {
    this.#sent.inc(events);
  }

  cut(reason: CutReason): void {
    this.#cut.inc({ reason });
  }
}
