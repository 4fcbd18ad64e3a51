import { describe, expect, test } from 'vitest';
import { visibilityQuery } from './visibility-query.js';

const ALL = "WorkflowType = 'agentTurn' AND ExecutionStatus != 'ContinuedAsNew'";
const turns = { workflowType: 'agentTurn' };

describe('the query', () => {
  test('asks for one row of each turn', () => {
    expect(visibilityQuery(turns, { attributes: true })).toBe(ALL);
  });

  test('narrows to status and time', () => {
    const wanted = {
      ...turns,
      status: 'Running',
      startedAfter: '2026-01-01T00:00:00.000Z',
      startedBefore: '2026-02-01T00:00:00.000Z',
    };
    expect(visibilityQuery(wanted, { attributes: false })).toBe(
      `${ALL} AND ExecutionStatus = 'Running' AND StartTime > '2026-01-01T00:00:00.000Z' AND StartTime < '2026-02-01T00:00:00.000Z'`,
    );
    expect(visibilityQuery({ ...turns, status: '!Running' }, { attributes: false })).toBe(
      `${ALL} AND ExecutionStatus != 'Running'`,
    );
  });

  test('narrows to agent and session where they are attributes, and keeps what was started before they were', () => {
    const wanted = { ...turns, agent: 'clerk', sessionId: 's/1' };
    expect(visibilityQuery(wanted, { attributes: false })).toBe(ALL);
    expect(visibilityQuery(wanted, { attributes: true })).toBe(
      `${ALL} AND (DurableTurnsAgent = 'clerk' OR DurableTurnsAgent IS NULL) AND (DurableTurnsSession = 's/1' OR DurableTurnsSession IS NULL)`,
    );
  });

  test.each([
    "it's",
    "' OR 1=1 --",
    'a"b',
    'a`b',
    'a\\',
    '\\',
    'line\nfeed',
    'nul\0',
    '‮rtl',
    '',
    'x'.repeat(256),
  ])('never says %j', (value) => {
    expect(visibilityQuery({ ...turns, agent: value, sessionId: value }, { attributes: true })).toBe(ALL);
  });

  test('says names of any language', () => {
    expect(visibilityQuery({ ...turns, agent: 'Büro-助手 100%' }, { attributes: true })).toContain(
      "DurableTurnsAgent = 'Büro-助手 100%'",
    );
  });
});
