/**
 * The calls and questions among a server's items that nobody has answered there. Whose a call is, is told by
 * the same code that reads streams: a call that the server runs itself must not be answered. Pure.
 */
import type { JsonObject } from '../events/json.js';
import { abortedOutput, withdrawnApproval } from '../protocol/aborted-output.js';
import { advance, outcome, startResponse } from '../synthesizer/index.js';
import type { SynthesizedCall } from '../synthesizer/index.js';
import { repeatedOf } from './route-calls.js';

export interface Unanswered {
  /** `call_id` of a call, `approval_request_id` of a question. */
  readonly id: string;
  /** Answers it, where nothing better is known. */
  readonly aborted: JsonObject;
}

export interface OurTools {
  readonly tools: readonly { readonly name: string; readonly toolType: string }[];
}

/** @param items oldest first, as far as the server keeps an order */
export function unanswered(items: readonly JsonObject[], { tools }: OurTools): readonly Unanswered[] {
  const { state } = advance(
    startResponse({
      stepPrefix: '',
      attempt: 1,
      model: '',
      clientTools: tools.map(({ name, toolType }) => ({ type: toolType, name })),
    }),
    { type: 'response.completed', response: { status: 'completed', output: items } },
  );
  const { function_calls = [], approvals = [] } = outcome(state) ?? {};
  const answers = counted(items.flatMap((item) => answeredBy(item) ?? []));
  const asked = [
    ...function_calls.map((call) => ({ id: call.call_id, aborted: abortedOutput(bare(call), 'unknown') })),
    ...approvals.map(({ approval_request_id: id }) => ({ id, aborted: withdrawnApproval(id) })),
  ];
  // Servers that count their calls anew in each response have several of one id.
  return asked.filter(({ id }) => {
    const left = answers.get(id) ?? 0;
    answers.set(id, left - 1);
    return left <= 0;
  });
}

/** What an item answers: the id of a call or of a question. */
export function answeredBy(item: unknown): string | undefined {
  const { type, call_id, approval_request_id, id } = Object(item) as Readonly<Record<string, unknown>>;
  if (type === 'mcp_approval_response') return wordOf(approval_request_id);
  if (type === 'local_shell_call_output') return wordOf(call_id) ?? wordOf(id);
  return typeof type === 'string' && type.endsWith('_output') ? wordOf(call_id) : undefined;
}

/** A call as far as its answer goes. */
function bare({ safety_checks: _checks, ...call }: SynthesizedCall) {
  const { call_id, tool_type, tool_name, arguments: text } = call;
  const repeated = repeatedOf(call);
  return { call_id, tool_type, tool_name, arguments: text, ...(repeated ? { repeated } : {}) };
}

function counted(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

const wordOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
