// The memory of the processes that live through a whole run.

import { readFileSync } from 'node:fs';
import type { Stage } from './stage.js';

export interface MemoryReport {
  /** Resident set in MB: at the start, after each quarter on average, and at most. */
  readonly quarters: readonly number[];
  readonly most: number;
}

const SAMPLE_MS = 1000;
const MB = 1024 * 1024;
/** A process warms up for some minutes; shorter runs say nothing about leaks. */
const TELLING_SAMPLES = 300;
const GROWTH = 1.25;

export function memoryOf({ watching, workers }: Stage) {
  const worker: number[] = [];
  const pid = workers[0]?.pid;
  const timer = setInterval(() => {
    const rss = pid === undefined ? undefined : rssOf(pid);
    if (rss !== undefined) worker.push(rss);
  }, SAMPLE_MS);
  const all = (): Readonly<Record<string, readonly number[]>> => ({ watcher: watching.rss, worker });
  return {
    stop: () => clearInterval(timer),
    report: (): Readonly<Record<string, MemoryReport>> =>
      Object.fromEntries(
        Object.entries(all()).map(([name, samples]) => [
          name,
          { quarters: quartersOf(samples), most: Math.round(Math.max(0, ...samples) / MB) },
        ]),
      ),
    /** What grew from the second quarter to the last. */
    growing: (): string[] =>
      Object.entries(all()).flatMap(([name, samples]) => {
        const [, second = 0, , last = 0] = quartersOf(samples);
        const grew = samples.length >= TELLING_SAMPLES && last > second * GROWTH;
        return grew ? [`the memory of the ${name} grew from ${second} to ${last} MB`] : [];
      }),
  };
}

function quartersOf(samples: readonly number[]): number[] {
  const size = Math.max(1, Math.ceil(samples.length / 4));
  return [0, 1, 2, 3].map((quarter) => {
    const part = samples.slice(quarter * size, (quarter + 1) * size);
    return Math.round(part.reduce((sum, rss) => sum + rss, 0) / Math.max(1, part.length) / MB);
  });
}

/** Of another process; undefined where the system does not tell it. */
function rssOf(pid: number): number | undefined {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Number(pages) * 4096;
  } catch {
    return undefined;
  }
}
