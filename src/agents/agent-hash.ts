/** A short hash of what the model is told of an agent, to notice that a worker has another definition. */
import { createHash } from 'node:crypto';
import type { Agent } from './define-agent.js';

type Defined = Pick<Agent, 'model' | 'state' | 'tools' | 'hostedTools' | 'outputSchema'> &
  Pick<Partial<Agent>, 'instructions' | 'request'>;

/** 12 hex digits of a SHA-256. A function of instructions counts by its source text. */
export function hashOf({
  model,
  instructions,
  tools,
  hostedTools,
  request,
  state,
  outputSchema,
}: Defined): string {
  const told = {
    model,
    instructions: String(instructions ?? ''),
    tools: tools.map(({ declaration }) => declaration),
    hostedTools,
    request,
    state,
    outputSchema,
  };
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 12);
}
