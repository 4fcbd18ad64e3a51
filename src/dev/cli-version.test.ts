import { expect, test } from 'vitest';
import { LOWEST_CLI_VERSION, formatCliVersion, isAtLeast, parseCliVersion } from './cli-version.js';

test('reads the version that the CLI prints', () => {
  expect(parseCliVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)\n')).toEqual([1, 9, 1]);
  expect(parseCliVersion('A new release is there\ntemporal version v1.10.0\n')).toEqual([1, 10, 0]);
});

test('reads nothing from the output of another program', () => {
  expect(parseCliVersion('tctl version 1.18.0')).toBeUndefined();
  expect(parseCliVersion('')).toBeUndefined();
});

test('compares versions by number, not by text', () => {
  expect(isAtLeast([1, 10, 0], [1, 9, 5])).toBe(true);
  expect(isAtLeast([1, 5, 0], [1, 5, 0])).toBe(true);
  expect(isAtLeast([1, 4, 9], LOWEST_CLI_VERSION)).toBe(false);
  expect(isAtLeast([0, 0, 0], LOWEST_CLI_VERSION)).toBe(false);
  expect(formatCliVersion([1, 10, 0])).toBe('1.10.0');
});
