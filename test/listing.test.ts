// Turns and sessions are found by agent, state, session and time: by the memo alone, and by search attributes once
// they are registered. No worker runs here: workflow tasks are answered by hand, so each run ends as it is told to.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { InvalidFilterError, registerSearchAttributes, TurnClient } from '../src/client/index.js';
import type { TurnFilter, TurnSummary } from '../src/client/index.js';
import { startTemporal } from '../src/dev/index.js';
import type { EmbeddedTemporal } from '../src/dev/index.js';

/** temporal.api.enums.v1.CommandType */
const CommandType = { complete: 4, fail: 5, cancel: 7, continueAsNew: 10 };
type Answer = Parameters<Connection['workflowService']['respondWorkflowTaskCompleted']>[0];
const TASK_QUEUE = 'nobody';
const NASTY = [
  `it's`,
  `a"b`,
  'back\\slash',
  `' OR 1=1 --`,
  `' OR DurableTurnsAgent IS NOT NULL --`,
  'new\nline',
];

let temporal: EmbeddedTemporal;
let connection: Connection;
let turns: TurnClient;

beforeAll(async () => {
  temporal = await startTemporal();
  connection = await Connection.connect({ address: temporal.address });
  turns = newClient();
});

afterAll(async () => {
  await connection?.close();
  await temporal?.stop();
});

/** As another process has it: it does not know what an earlier client has asked. */
const newClient = () => new TurnClient({ client: new Client({ connection }), taskQueue: TASK_QUEUE });

async function collected<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const members: T[] = [];
  for await (const member of list) members.push(member);
  return members;
}

const found = async (filter: TurnFilter): Promise<readonly string[]> =>
  (await collected(turns.list(filter))).map(({ turn_id }) => turn_id).toSorted();

/** Visibility follows in its own time. */
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 100 });

const start = (turnId: string, agent: string, session_id?: string) =>
  turns.start({ agent, input: 'Hello', ...(session_id === undefined ? {} : { session_id }) }, { turnId });

/** Answers the next workflow task of the queue. */
async function answer(taskQueue: string, ...commands: NonNullable<Answer['commands']>): Promise<void> {
  const { workflowService } = connection;
  const { namespace } = temporal;
  const task = await connection.withDeadline(Date.now() + 60_000, () =>
    workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
  );
  await workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken: task.taskToken,
    commands,
  });
}

const complete = {
  commandType: CommandType.complete,
  completeWorkflowExecutionCommandAttributes: {},
};
const fail = {
  commandType: CommandType.fail,
  failWorkflowExecutionCommandAttributes: { failure: { message: 'no' } },
};
const cancel = {
  commandType: CommandType.cancel,
  cancelWorkflowExecutionCommandAttributes: {},
};

/** Starts a workflow on a queue of its own, with the memo that a client gives. */
async function startAlone(
  type: 'agentTurn' | 'agentSession',
  workflowId: string,
  memo: Record<string, unknown>,
) {
  await turns.client.workflow.start(type, {
    workflowId,
    taskQueue: workflowId,
    memo: { [type === 'agentTurn' ? 'turn' : 'session']: memo },
  });
}

describe('by the memo alone', () => {
  lists('m');
});

test('the search attributes are registered once', async () => {
  expect(await registerSearchAttributes(turns.client)).toEqual(['DurableTurnsAgent', 'DurableTurnsSession']);
  expect(await registerSearchAttributes(turns.client)).toEqual([]);
  turns = newClient();
});

describe('by search attributes', () => {
  lists('a');
});

/** What holds either way. Ids and names begin with the prefix. */
function lists(prefix: string): void {
  const id = (name: string): string => `${prefix}-${name}`;

  test('turns are found by agent and session', async () => {
    await start(id('1'), id('clerk'), id('session'));
    await start(id('2'), id('clerk'));
    await start(id('3'), id('other'), id('session'));
    await eventually(async () => {
      expect(await found({ agent: id('clerk') })).toEqual([id('1'), id('2')]);
      expect(await found({ sessionId: id('session') })).toEqual([id('1'), id('3')]);
      expect(await found({ sessionId: id('session'), agent: id('clerk') })).toEqual([id('1')]);
    });
    expect(await found({ agent: id('nobody') })).toEqual([]);
    const [row] = (await turns.list({ sessionId: id('session'), agent: id('clerk') })).data;
    expect(row).toEqual({
      turn_id: id('1'),
      agent: id('clerk'),
      session_id: id('session'),
      status: 'running',
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test('a name is never more than a name', async () => {
    for (const [index, name] of NASTY.entries()) await start(id(`nasty-${index}`), id(name), id(name));
    for (const [index, name] of NASTY.entries()) {
      await eventually(async () => {
        expect(await found({ agent: id(name) })).toEqual([id(`nasty-${index}`)]);
        expect(await found({ sessionId: id(name) })).toEqual([id(`nasty-${index}`)]);
      });
    }
  });

  test('turns are found by how they ended', async () => {
    const agent = id('ended');
    const ends = { completed: complete, failed: fail, cancelled: cancel };
    for (const [status, command] of Object.entries(ends)) {
      await startAlone('agentTurn', id(status), { agent });
      await answer(id(status), command);
    }
    await startAlone('agentTurn', id('terminated'), { agent });
    await turns.client.workflow.getHandle(id('terminated')).terminate();
    await startAlone('agentTurn', id('running'), { agent });
    for (const status of ['completed', 'failed', 'cancelled', 'terminated', 'running'] as const) {
      await eventually(async () => expect(await found({ agent, status })).toEqual([id(status)]));
    }
    await eventually(async () => expect(await found({ agent })).toHaveLength(5));
    const { data } = await turns.list({ agent, status: 'failed' });
    expect(data).toMatchObject([{ status: 'failed', closed_at: expect.any(String) }]);
  });

  test('turns are found by the time of their start', async () => {
    const agent = id('timed');
    await start(id('early'), agent);
    await sleep(5);
    const between = new Date();
    await sleep(5);
    await start(id('late'), agent);
    await eventually(async () => expect(await found({ agent })).toHaveLength(2));
    expect(await found({ agent, startedAfter: between })).toEqual([id('late')]);
    expect(await found({ agent, startedBefore: between.toISOString() })).toEqual([id('early')]);
    expect(await found({ agent, startedAfter: '2100-01-01' })).toEqual([]);
  });

  test('pages follow each other, and each turn comes once', async () => {
    const agent = id('many');
    const all = Array.from({ length: 23 }, (_, index) => id(`many-${String(index).padStart(2, '0')}`));
    await Promise.all(all.map((turnId) => start(turnId, agent)));
    await eventually(async () => expect(await found({ agent, limit: 200 })).toEqual(all));
    expect(await found({ agent, limit: 5 })).toEqual(all);

    const pages: (readonly TurnSummary[])[] = [];
    let page: string | undefined;
    do {
      const filter = { agent, limit: 5, ...(page === undefined ? {} : { page }) };
      const { data, next_page } = await turns.list(filter);
      pages.push(data);
      page = next_page;
    } while (page !== undefined);
    expect(pages.every(({ length }) => length <= 5)).toBe(true);
    expect(
      pages
        .flat()
        .map(({ turn_id }) => turn_id)
        .toSorted(),
    ).toEqual(all);
    const { next_page = '' } = await turns.list({ agent, limit: 5 });
    await expect(turns.list({ agent: id('clerk'), page: next_page })).rejects.toThrow(InvalidFilterError);
  });

  test('a turn that continued as new counts once', async () => {
    const agent = id('long');
    await startAlone('agentTurn', id('long'), { agent });
    const memo = {
      fields: { turn: turns.client.options.loadedDataConverter.payloadConverter.toPayload({ agent }) },
    };
    await answer(id('long'), {
      commandType: CommandType.continueAsNew,
      continueAsNewWorkflowExecutionCommandAttributes: {
        workflowType: { name: 'agentTurn' },
        taskQueue: { name: id('long') },
        memo,
      },
    });
    await eventually(async () => expect(await found({ agent })).toEqual([id('long')]));
    await answer(id('long'), complete);
    await eventually(async () => {
      expect((await turns.list({ agent })).data).toMatchObject([
        { turn_id: id('long'), status: 'completed' },
      ]);
    });
  });

  test('a turn that was reset while it ran counts once', async () => {
    const agent = id('reset');
    await startAlone('agentTurn', id('reset'), { agent });
    // A workflow task that does nothing: there has to be one to reset to.
    await answer(id('reset'));
    const { events } = await turns.client.workflow.getHandle(id('reset')).fetchHistory();
    const task = events?.find((event) => event.workflowTaskCompletedEventAttributes);
    await connection.workflowService.resetWorkflowExecution({
      namespace: temporal.namespace,
      workflowExecution: { workflowId: id('reset') },
      workflowTaskFinishEventId: task?.eventId ?? null,
      reason: 'test',
      requestId: randomUUID(),
    });
    const only = [{ turn_id: id('reset'), status: 'running' }];
    await eventually(async () => {
      // Both runs are there.
      const { count } = await connection.workflowService.countWorkflowExecutions({
        namespace: temporal.namespace,
        query: `WorkflowId = '${id('reset')}' AND ExecutionStatus IN ('Running', 'Terminated')`,
      });
      expect(Number(count)).toBe(2);
    });
    expect((await turns.list({ agent })).data).toMatchObject(only);
    expect(await found({ agent, status: 'terminated' })).toEqual([]);
  });

  test('sessions are found by agent and whether they are open', async () => {
    const agent = id('host');
    await startAlone('agentSession', id('open'), { agent });
    await startAlone('agentSession', id('closed'), { agent });
    await answer(id('closed'), complete);
    await eventually(async () => {
      const sessions = await collected(turns.listSessions({ agent }));
      expect(sessions).toMatchObject([
        { session_id: id('open'), agent, status: 'open' },
        { session_id: id('closed'), agent, status: 'closed', closed_at: expect.any(String) },
      ]);
    });
    expect((await turns.listSessions({ agent, status: 'open' })).data).toHaveLength(1);
    expect((await turns.listSessions({ agent, status: 'closed' })).data).toHaveLength(1);
    expect(await found({ agent })).toEqual([]);
  });
}

test('what was started before the attributes were registered is found as well', async () => {
  expect(await found({ agent: 'm-clerk' })).toEqual(['m-1', 'm-2']);
});

test('turns carry the attributes once they are registered, and start without them when they are removed', async () => {
  const attributesOf = async (turnId: string) => {
    const { typedSearchAttributes } = await turns.client.workflow.getHandle(turnId).describe();
    return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  };
  expect(await attributesOf('m-1')).toEqual({});
  expect(await attributesOf('a-1')).toEqual({
    DurableTurnsAgent: 'a-clerk',
    DurableTurnsSession: 'a-session',
  });
  await connection.operatorService.removeSearchAttributes({
    namespace: temporal.namespace,
    searchAttributes: ['DurableTurnsAgent', 'DurableTurnsSession'],
  });
  await eventually(async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: temporal.namespace,
    });
    expect(customAttributes).not.toHaveProperty('DurableTurnsAgent');
  });
  await start('later', 'clerk');
  await eventually(async () => expect(await found({ agent: 'clerk' })).toEqual(['later']));
});
