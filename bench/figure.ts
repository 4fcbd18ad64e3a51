/** A figure as the bench prints it: one line of JSON. */
import { cpus, loadavg } from 'node:os';

export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is held to, as `<= 145`. */
  readonly bar?: string;
  readonly holds?: boolean;
  readonly conditions: Readonly<Record<string, number | string>>;
}

export type Bar = { readonly atMost: number } | { readonly atLeast: number };

interface Measured {
  readonly value: number;
  readonly unit: string;
  readonly bar?: Bar;
  readonly conditions?: Figure['conditions'];
}

export function figure(name: string, { value, unit, bar, conditions = {} }: Measured): Figure {
  const rounded = Math.round(value * 100) / 100;
  return {
    figure: name,
    value: rounded,
    unit,
    ...(bar ? { bar: said(bar), holds: holds(bar, rounded) } : {}),
    // The load tells whether somebody else used the machine: the bench itself is part of it.
    conditions: { ...conditions, cpus: cpus().length, load: Math.round((loadavg()[0] ?? 0) * 10) / 10 },
  };
}

const said = (bar: Bar): string => ('atMost' in bar ? `<= ${bar.atMost}` : `>= ${bar.atLeast}`);

// A figure that could not be taken (NaN) holds no bar.
const holds = (bar: Bar, value: number): boolean =>
  'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast;

/** The value below which `share` (0 to 1) of them are; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
