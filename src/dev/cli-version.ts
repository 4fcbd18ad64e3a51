/**
 * The lowest `temporal` on PATH that is taken. 1.5 brings server 1.29: worker deployment versions, activity
 * reset, and `resetRunId` in a workflow's description, which the reader follows (tried with 1.5.1).
 */
export const LOWEST_CLI_VERSION: CliVersion = [1, 5, 0];

export type CliVersion = readonly [major: number, minor: number, patch: number];

/** Reads `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`; undefined when the output is something else. */
export function parseCliVersion(output: string): CliVersion | undefined {
  const match = /^temporal version v?(\d+)\.(\d+)\.(\d+)/m.exec(output);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

export function isAtLeast(version: CliVersion, lowest: CliVersion): boolean {
  for (const [index, wanted] of lowest.entries()) {
    const part = version[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

export function formatCliVersion(version: CliVersion): string {
  return version.join('.');
}
