/** The activity `release_response`: cancels a response in the background that nobody wants any more. */
import type { ReleaseInput } from '../protocol/activity.js';
import type { ActivityDeps } from './activity-deps.js';
import { cancelStored } from './stored-response.js';
import { agentOf } from './turn-agent.js';

export function createReleaseResponse({ registry, openai }: ActivityDeps) {
  return async (input: ReleaseInput): Promise<void> => {
    const agent = agentOf(registry, input);
    // The workflow does not know: a response that does not run in the background ended with its connection.
    if (agent.background) await cancelStored(agent.openai ?? openai(), input.response_id);
  };
}
