/**
 * A worker that runs turns, until SIGTERM or Ctrl-C: `npm run worker`.
 * Temporal: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE ... or Temporal's configuration file; default localhost:7233.
 * The model: OPENAI_API_KEY, OPENAI_BASE_URL, MODEL. The task queue: TASK_QUEUE, default agents.
 */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';
import { DurableTurnsPlugin } from 'durable-turns';
import { assistant } from './examples/agents.js';

const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
const connection = await NativeConnection.connect(connectionOptions);
try {
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: process.env['TASK_QUEUE'] || 'agents',
    // A model request is handed to another worker at once; tools have this long to finish.
    shutdownGraceTime: '10s',
    plugins: [new DurableTurnsPlugin({ agents: [assistant] })],
  });
  await worker.run();
} finally {
  await connection.close();
}
