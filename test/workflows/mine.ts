// A user's workflows beside ours: one that runs a turn, a constant, and a default for types that nobody else takes.

import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { runTurn } from '../../src/workflows/index.js';

const { shout } = proxyActivities<{ shout(text: string): Promise<string> }>({ startToCloseTimeout: '5s' });

export const QUESTION = 'How do you do great work?';

export async function ask(turnId: string): Promise<string> {
  const { final_text } = await runTurn({ agent: 'assistant', input: QUESTION }, { turnId });
  return shout(final_text);
}

export default async function anything(): Promise<string> {
  return Promise.resolve(`nobody else takes ${workflowInfo().workflowType}`);
}
