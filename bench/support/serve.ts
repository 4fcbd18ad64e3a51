/** The other side of child.ts: a process that answers calls, and ends with the one that started it. */

export type Calls<C> = { readonly [K in keyof C]: (...input: never[]) => unknown };
/** What crosses a process border has lost its type. */
type Untyped = Readonly<Record<string, (input: unknown) => unknown>>;

export interface Call {
  readonly id: number;
  readonly call: string;
  readonly input: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export function serve(calls: Readonly<Record<string, (input: never) => unknown>>): void {
  const known = calls as Untyped;
  process.on('message', (message: Call) => {
    void answer(known, message).then((said) => process.send?.(said));
  });
  process.on('disconnect', () => process.exit());
  process.send?.('up');
}

async function answer(calls: Untyped, { id, call, input }: Call): Promise<Answer> {
  try {
    return { id, value: await calls[call]?.(input) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Bytes of memory of this process: now, and at its greatest. */
export function memory(): { now: number; peak: number } {
  return { now: process.memoryUsage().rss, peak: process.resourceUsage().maxRSS * 1024 };
}
