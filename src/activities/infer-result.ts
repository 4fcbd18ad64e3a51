/** What the workflow is told of a response that ended well. */
import type { Agent } from '../agents/define-agent.js';
import { validate } from '../agents/schema.js';
import type { JsonValue } from '../events/json.js';
import type { Handover } from '../events/batch.js';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import type { Answer } from './answer.js';
import { hashOfArguments, routeCalls } from './route-calls.js';

export async function inferResult(
  agent: Agent,
  input: InferInput,
  ended: ResponseOutcome,
  answer: Answer,
  { conversation, turnId }: { readonly conversation: string | undefined; readonly turnId: string },
): Promise<Omit<InferResult, keyof Handover>> {
  const { response_id, refusal, final_text } = ended;
  const calls = await routeCalls(agent, ended.function_calls, {
    turnId,
    responseId: response_id ?? String(input.response),
    context: input.context,
  });
  const output = calls.length === 0 ? await finalOutput(agent, ended) : undefined;
  const approvals = ended.approvals.map((asked) => ({
    ...asked,
    arguments_hash: hashOfArguments(asked.arguments),
  }));
  return {
    status: ended.status === 'completed' ? 'completed' : 'incomplete',
    stop_reason: ended.stop_reason,
    agent_hash: agent.hash,
    ...(response_id === undefined ? {} : { response_id }),
    ...(final_text === answer.text || calls.length > 0 ? {} : { final_text }),
    ...(output === undefined ? {} : { final_output: output }),
    ...(refusal === undefined || refusal === '' ? {} : { refusal }),
    ...(conversation === undefined ? {} : { conversation }),
    ...(input.response === 1 && agent.limits ? { limits: agent.limits } : {}),
    calls,
    ...(approvals.length > 0 ? { approvals } : {}),
    ...(agent.parallel === false && calls.length > 1 ? { sequential: true } : {}),
    ...(agent.state === 'stateless' && input.conversation === undefined
      ? { output_items: answer.outputItems }
      : {}),
  };
}

async function finalOutput(agent: Agent, ended: ResponseOutcome): Promise<JsonValue | undefined> {
  if (!agent.outputType || ended.status !== 'completed' || ended.refusal) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(ended.final_text);
  } catch {
    throw mismatch('the final text is not JSON', ended);
  }
  const checked = await validate(agent.outputType, parsed);
  if ('problem' in checked) throw mismatch(checked.problem, ended);
  return checked.value as JsonValue;
}

function mismatch(problem: string, { response_id }: ResponseOutcome): Error {
  return fail('OutputMismatch', {
    message: `The final text does not fit outputType: ${problem}`,
    ...(response_id === undefined ? {} : { response_id }),
  });
}
