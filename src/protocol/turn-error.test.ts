import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import type { TimeoutType } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { ErrorSource } from '../events/turn-event.js';
import { turnError } from './failures.js';
import { failureTypeOf, isTurnError, sourceEndOf, turnErrorOf } from './turn-error.js';

const activity = (cause: Error) =>
  new ActivityFailure(
    'Activity task failed',
    'add',
    'tool-1-0-a',
    RetryState.NON_RETRYABLE_FAILURE,
    'w',
    cause,
  );
const timeout = (type: TimeoutType) => new TimeoutFailure('timeout', undefined, type);

describe('a failed activity becomes a TurnError', () => {
  const said = turnError('TurnTooLarge', { message: 'Too much' });

  test('as it was said by us', () => {
    const ours = ApplicationFailure.create({ type: 'TurnTooLarge', message: 'x', details: [said] });
    expect(turnErrorOf(activity(ours), 'model')).toEqual(said);
  });

  test('with the type and message of what a tool threw', () => {
    const thrown = ApplicationFailure.create({
      type: 'NoteStoreDown',
      message: 'It is down',
      nonRetryable: true,
    });
    expect(turnErrorOf(activity(thrown), 'tool')).toEqual({
      code: 'NoteStoreDown',
      message: 'It is down',
      source: 'tool',
      retryable: false,
    });
  });

  test('details of others are not taken for ours', () => {
    const thrown = ApplicationFailure.create({ type: 'Busy', message: 'x', details: [{ code: 5 }] });
    expect(turnErrorOf(activity(thrown), 'tool')).toMatchObject({ code: 'Busy', retryable: true });
  });

  test.each([
    ['HEARTBEAT', 'timeout_heartbeat', /silent/],
    ['START_TO_CLOSE', 'timeout_start_to_close', /startToCloseTimeout/],
    ['SCHEDULE_TO_START', 'timeout_schedule_to_start', /No worker/],
    ['SCHEDULE_TO_CLOSE', 'timeout_schedule_to_close', /All attempts/],
  ] as const)('%s timeouts say what was too slow', (type, code, message) => {
    expect(turnErrorOf(activity(timeout(type)), 'tool')).toEqual({
      code,
      message: expect.stringMatching(message),
      source: 'tool',
      retryable: true,
    });
  });

  test.each<[string, unknown, string]>([
    ['a cancel', new CancelledFailure('x'), 'cancelled'],
    ['a termination', new TerminatedFailure('x'), 'terminated'],
    ['an error of any kind', new Error('x'), 'error'],
    ['what is no error', 'x', 'error'],
  ])('%s has a code', (_name, thrown, code) => {
    expect(turnErrorOf(thrown, 'workflow')).toMatchObject({ code, retryable: false });
  });

  test('also through a child workflow', () => {
    const child = new ChildWorkflowFailure(
      undefined,
      { workflowId: 'w', runId: 'r' },
      'agentTurn',
      RetryState.NON_RETRYABLE_FAILURE,
      activity(timeout('HEARTBEAT')),
    );
    expect(turnErrorOf(child, 'workflow').code).toBe('timeout_heartbeat');
  });
});

describe('the type of the failure that a turn ends with', () => {
  test.each<[unknown, string]>([
    [activity(ApplicationFailure.create({ type: 'OutputMismatch' })), 'OutputMismatch'],
    [ApplicationFailure.create({ type: 'ToolFailed' }), 'ToolFailed'],
    [activity(timeout('HEARTBEAT')), 'TurnFailed'],
    [new Error('x'), 'TurnFailed'],
  ])('of %s is %s', (thrown, type) => {
    expect(failureTypeOf(thrown)).toBe(type);
  });
});

test.each<[Error, string]>([
  [new CancelledFailure('x'), 'cancelled'],
  [ApplicationFailure.create({ message: 'x' }), 'failed'],
  [timeout('HEARTBEAT'), 'failed'],
])('the steps of an activity that threw %s end as %s', (cause, status) => {
  expect(sourceEndOf(activity(cause), 'tool').status).toBe(status);
});

test.each<[Error, ErrorSource, string]>([
  [timeout('HEARTBEAT'), 'model', 'cancelled'],
  [timeout('HEARTBEAT'), 'tool', 'failed'],
  [ApplicationFailure.create({ type: 'CancelledFailure', message: 'x' }), 'model', 'cancelled'],
  [ApplicationFailure.create({ message: 'x' }), 'model', 'failed'],
])('where the turn was asked to cancel, the steps of %s of a %s end as %s', (cause, source, status) => {
  expect(sourceEndOf(activity(cause), source, { cancelRequested: true }).status).toBe(status);
});

test.each([null, 'x', {}, { code: 'a', message: 'b', source: 'tool' }])('%j is no TurnError', (value) => {
  expect(isTurnError(value)).toBe(false);
});
