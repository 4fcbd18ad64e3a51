/** What one would write by hand in place of a plain turn: a workflow with one activity. */
import { proxyActivities } from '@temporalio/workflow';
import type { ask } from './ask.js';

const activities = proxyActivities<{ ask: ReturnType<typeof ask> }>({
  startToCloseTimeout: '1 minute',
});

export async function byHand(prompt: string): Promise<string> {
  return activities.ask(prompt);
}
