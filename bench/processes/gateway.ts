/** The gateway under test. ADDRESS, NAMESPACE and TASK_QUEUE say where its turns are. */
import { Client, Connection } from '@temporalio/client';
import { TurnClient } from '../../src/client/index.js';
import { serveGateway } from '../../src/gateway/index.js';
import { memory, serve, setting } from '../support/serve.js';

const connection = await Connection.connect({
  address: setting('ADDRESS'),
  channelArgs: { 'grpc.max_receive_message_length': 128 * 1024 * 1024 },
});
const client = new Client({ connection, namespace: setting('NAMESPACE') });
const turns = new TurnClient({ client, taskQueue: setting('TASK_QUEUE') });
const { url } = await serveGateway({ turns, port: 0, viewer: false });

/** Milliseconds of both kinds of processor time so far. */
const processor = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const calls = { url: () => url, memory, processor };
export type GatewayCalls = typeof calls;
serve(calls);
