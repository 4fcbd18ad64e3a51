import { describe, expect, test } from 'vitest';
import {
  InvalidFilterError,
  NoWorkerError,
  TemporalUnreachableError,
  TurnNotFoundError,
} from '../client/index.js';
import { EXIT } from './exit.js';
import { CommandError, explain } from './explain.js';

const grpc = (code: number, details: string) =>
  new Error('Failed to start Workflow', {
    cause: Object.assign(new Error(`${code} X: ${details}`), { code, details }),
  });

describe('an error', () => {
  test.each([
    [new TurnNotFoundError('t'), EXIT.usage, 'No turn "t" is known'],
    [new InvalidFilterError('limit', 'is wrong'), EXIT.usage, 'limit is wrong.'],
    [new NoWorkerError('agents'), EXIT.unavailable, 'No worker polls'],
    [
      new TemporalUnreachableError('localhost:1', new Error('refused')),
      EXIT.unavailable,
      'at localhost:1 (refused)',
    ],
    [new CommandError('No such thing.'), EXIT.usage, 'No such thing.'],
    [grpc(14, 'connection refused'), EXIT.unavailable, 'Temporal does not answer: connection refused'],
    [grpc(7, 'not yours'), EXIT.usage, 'Temporal refuses this: not yours'],
    [
      Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' }),
      EXIT.unavailable,
      'Choose another --port.',
    ],
    [grpc(5, 'Namespace x is not found.'), EXIT.usage, 'Set --namespace or TEMPORAL_NAMESPACE'],
    [
      Object.assign(new Error('listen EADDRNOTAVAIL'), { code: 'EADDRNOTAVAIL' }),
      EXIT.usage,
      'Choose another --host.',
    ],
    [
      Object.assign(new Error('getaddrinfo ENOTFOUND x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
      EXIT.usage,
      'Choose another --host.',
    ],
    [new Error('outer', { cause: new Error('inner') }), EXIT.unexpected, 'outer: inner'],
    ['a string', EXIT.unexpected, 'a string'],
  ])('%s becomes a sentence and an exit code', (error, exit, said) => {
    const explained = explain(error);
    expect(explained.exit).toBe(exit);
    expect(explained.sentence).toContain(said);
  });
});
