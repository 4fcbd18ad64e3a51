/**
 * Samples of every event and delta: `full` has every optional field, `minimal` none. Together they tell one
 * turn, "How do you do great work?", in which everything that can happen does.
 */
import type { DeltaShapes, EventShapes } from './contract-shapes.js';

interface Sample<T> {
  readonly full: T;
  readonly minimal: T;
}

const turn_id = 'order-42';
const session_id = 'conv_689f';
const answered = '0001.0mk0qz3vs.002';
const searched = '0001.0mk0qz3vs.001';
const saved = '0001.z000.9f2c';
const at = '2026-01-05T12:00:00.250Z';
const later = '2026-01-05T12:00:02.000Z';

const usage = {
  input_tokens: 1320,
  output_tokens: 84,
  total_tokens: 1404,
  input_tokens_details: { cached_tokens: 1024 },
  output_tokens_details: { reasoning_tokens: 32 },
};
const noUsage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
const saveNote = {
  call_id: 'call_1',
  tool_type: 'function',
  tool_name: 'save_note',
  arguments: '{"text":"Follow curiosity."}',
};
const fileSearch = { call_id: 'fs_1', tool_type: 'file_search', tool_name: 'file_search' };
const error = {
  code: 'rate_limit_exceeded',
  message: 'The model server refused the request: too many requests. Raise the limit or wait.',
  source: 'model',
  retryable: true,
  http_status: 429,
  request_id: 'req_7b1d',
  response_id: 'resp_1',
  step_id: answered,
  attempt: 1,
} as const;
const bareError = {
  code: 'limit_time',
  message: 'The turn ran out of time.',
  source: 'limit',
  retryable: false,
} as const;
const end = {
  turn_id,
  session_id,
  at,
  response_ids: ['resp_1', 'resp_2'],
  num_steps: 5,
  usage: { ...usage, superseded: noUsage },
  open_calls: [saveNote],
};
const bareEnd = { turn_id, at, response_ids: [], num_steps: 0, usage: noUsage };

export const deltaSamples: { readonly [N in keyof DeltaShapes]: Sample<DeltaShapes[N]> } = {
  TextDelta: same({ type: 'text', text: 'Find what you are ' }),
  ReasoningDelta: same({ type: 'reasoning', kind: 'summary', text: 'The user wants advice.' }),
  RefusalDelta: same({ type: 'refusal', text: 'I cannot help with that.' }),
  AnnotationDelta: same({
    type: 'annotation',
    annotation: { type: 'file_citation', file_id: 'file_1', filename: 'greatwork.md', index: 18 },
  }),
  ToolCallIssued: same({ type: 'tool_call_issued', ...saveNote, arguments: '' }),
  ToolCallDelta: same({ type: 'tool_call_delta', call_id: 'call_1', arguments_delta: '{"text":"Follow' }),
  ToolCallCompleted: same({
    type: 'tool_call_completed',
    ...fileSearch,
    result: { queries: ['great work'], results: null },
  }),
  AttemptStarted: same({ type: 'attempt_started', attempt: 1, worker: '4242@worker-1' }),
  AttemptFailed: {
    full: {
      type: 'attempt_failed',
      attempt: 1,
      error: {
        code: 'ECONNREFUSED',
        message: 'The note store did not answer.',
        source: 'tool',
        retryable: true,
        attempt: 1,
      },
      retry_at: later,
    },
    minimal: { type: 'attempt_failed', attempt: 5, error: bareError },
  },
  ToolReport: same({ type: 'tool_report', data: { written: 1, of: 2 } }),
};

export const eventSamples: { readonly [N in keyof EventShapes]: Sample<EventShapes[N]> } = {
  TurnStarted: {
    full: { type: 'turn_started', turn_id, session_id, agent: 'assistant', schema: 1, at },
    minimal: { type: 'turn_started', turn_id, agent: 'assistant', schema: 1, at },
  },
  InferenceStarted: {
    full: {
      type: 'step_started',
      turn_id,
      step_id: answered,
      step_type: 'inference',
      at,
      metadata: { response_id: 'resp_1', model: 'gpt-5-mini', attempt: 1 },
    },
    minimal: {
      type: 'step_started',
      turn_id,
      step_id: answered,
      step_type: 'inference',
      at,
      metadata: { attempt: 2 },
    },
  },
  ToolExecutionStarted: {
    full: {
      type: 'step_started',
      turn_id,
      step_id: '0001.0mk0qz3vs.000',
      step_type: 'tool_execution',
      at,
      metadata: {
        server_side: true,
        tool_type: 'mcp',
        tool_name: 'find_page',
        call_id: 'mcp_1',
        server_label: 'wiki',
        arguments: '{"title":"Great work"}',
      },
    },
    minimal: {
      type: 'step_started',
      turn_id,
      step_id: saved,
      step_type: 'tool_execution',
      at,
      metadata: { server_side: false, tool_type: 'function', tool_name: 'save_note' },
    },
  },
  StepProgress: same({
    type: 'step_progress',
    turn_id,
    step_id: answered,
    step_type: 'inference',
    delta: deltaSamples.TextDelta.full,
  }),
  InferenceCompleted: {
    full: {
      type: 'step_completed',
      turn_id,
      step_id: answered,
      step_type: 'inference',
      at,
      status: 'failed',
      result: {
        response_id: 'resp_1',
        model: 'gpt-5-mini',
        agent_hash: 'b94d27b9',
        text_content: 'Find what you are ',
        reasoning: [{ kind: 'summary', text: 'The user wants advice.' }],
        refusal: '',
        annotations: [{ type: 'file_citation', file_id: 'file_1' }],
        function_calls: [saveNote],
        server_tool_executions: [{ step_id: searched, ...fileSearch, status: 'completed' }],
        stop_reason: 'tool_calls',
        usage,
        service_tier: 'default',
      },
      error,
    },
    minimal: {
      type: 'step_completed',
      turn_id,
      step_id: answered,
      step_type: 'inference',
      at,
      status: 'completed',
      result: {
        model: 'gpt-5-mini',
        text_content: '',
        function_calls: [],
        server_tool_executions: [],
        stop_reason: 'end_of_turn',
      },
    },
  },
  ToolExecutionCompleted: {
    full: {
      type: 'step_completed',
      turn_id,
      step_id: saved,
      step_type: 'tool_execution',
      at,
      status: 'failed',
      result: {
        tool_calls: [saveNote],
        tool_responses: [
          {
            call_id: 'call_1',
            tool_name: 'save_note',
            content: 'The note store did not answer.',
            is_error: true,
            metadata: { attempts: 5 },
          },
        ],
      },
      error: { ...bareError, source: 'tool', code: 'ECONNREFUSED' },
    },
    minimal: {
      type: 'step_completed',
      turn_id,
      step_id: saved,
      step_type: 'tool_execution',
      at,
      status: 'cancelled',
      result: {
        tool_calls: [],
        tool_responses: [{ call_id: 'call_1', tool_name: 'save_note', content: null, is_error: false }],
      },
    },
  },
  StepSuperseded: {
    full: {
      type: 'step_superseded',
      turn_id,
      step_id: answered,
      step_type: 'inference',
      at,
      was_completed: false,
      may_have_run: false,
      retry_at: later,
      reason: { code: 'stream_interrupted', message: 'The model server closed the stream too early.' },
    },
    minimal: {
      type: 'step_superseded',
      turn_id,
      step_id: searched,
      step_type: 'tool_execution',
      at,
      was_completed: true,
      may_have_run: true,
      reason: { code: 'attempt_lost', message: 'The worker fell silent.' },
    },
  },
  InputRequired: {
    full: {
      type: 'input_required',
      turn_id,
      input_id: 'in-1',
      step_id: answered,
      kind: 'approval',
      call_id: 'mcpr_1',
      tool_name: 'delete_page',
      arguments: '{"title":"Great work"}',
      arguments_hash: 'e0146c8a38462d7da5affa98b5d4b9dde1611686e145010e68c02750c111cacd',
      server_label: 'wiki',
      expires_at: '2026-01-05T13:00:00.000Z',
      at,
    },
    minimal: {
      type: 'input_required',
      turn_id,
      input_id: 'in-2',
      step_id: saved,
      kind: 'tool_output',
      call_id: 'call_1',
      tool_name: 'ask_human',
      arguments: '{}',
      arguments_hash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      at,
    },
  },
  InputResolved: {
    full: {
      type: 'input_resolved',
      turn_id,
      input_id: 'in-1',
      decision: 'deny',
      by: 'ada@example.com',
      reason: 'The page is still linked.',
      at,
    },
    minimal: { type: 'input_resolved', turn_id, input_id: 'in-2', decision: 'timeout', at },
  },
  TurnCompleted: {
    full: {
      type: 'turn_completed',
      ...end,
      status: 'incomplete',
      stop_reason: 'max_output_tokens',
      final_text: '{"advice":"Find what you are curious about."}',
      final_output: { advice: 'Find what you are curious about.' },
      refusal: '',
    },
    minimal: {
      type: 'turn_completed',
      ...bareEnd,
      status: 'completed',
      stop_reason: 'end_of_turn',
      final_text: 'Find what you are curious about.',
    },
  },
  TurnFailed: {
    full: { type: 'turn_failed', ...end, error },
    minimal: { type: 'turn_failed', ...bareEnd, error: bareError },
  },
  TurnCancelled: {
    full: { type: 'turn_cancelled', ...end },
    minimal: { type: 'turn_cancelled', ...bareEnd },
  },
  TurnQueued: same({ type: 'turn_queued', session_id, message_id: 'm-2', turn_id, at }),
  MessageSteered: same({ type: 'message_steered', session_id, message_id: 'm-3', turn_id, at: later }),
};

/** Of a shape that has no optional field. */
function same<T>(sample: T): Sample<T> {
  return { full: sample, minimal: sample };
}
