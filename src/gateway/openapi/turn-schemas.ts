/** Schemas of what turns are given and what they answer, beside the events. */
import {
  LINE,
  anything,
  anyObject,
  boolean,
  count,
  id,
  list,
  object,
  oneOf,
  ref,
  string,
  time,
} from './schema.js';
import type { Schema } from './schema.js';

const text: Schema = { type: 'string', minLength: 1 };
const some: Schema = { type: 'integer', minimum: 1 };
const milliseconds: Schema = { type: 'number', minimum: 20 };
const inputItem: Schema = {
  type: 'object',
  description: 'An input item, as the Responses API has it.',
};

/** What a turn may be given beside its agent and input, in a session too. */
export const messageOptions = {
  overrides: object(
    {},
    { model: text, instructions: string, hosted_tools: list(anyObject), request: anyObject },
  ),
  context: {
    description: 'JSON of at most 16 KiB: reaches tools and instructions, never the model by itself.',
  },
  metadata: ref('Metadata'),
  limits: object(
    {},
    {
      max_responses: some,
      max_tool_calls: count,
      max_tokens: some,
      max_seconds: { type: 'number', minimum: 1 },
    },
  ),
  publishing: object(
    {},
    {
      mode: oneOf('live', 'steps', 'off'),
      min_interval_ms: milliseconds,
      max_interval_ms: milliseconds,
    },
  ),
} satisfies Record<string, Schema>;

/** What a session says to its turns, and everybody else to theirs. */
const turnOptions = {
  session_id: { ...id, description: 'For people and searches. Default: the conversation.' },
  conversation: { ...text, maxLength: 255 },
  previous_response_id: { ...text, maxLength: 255, description: 'Excludes conversation.' },
  previous_turn_id: {
    ...id,
    description: 'The turn whose transcript precedes this one: for stateless agents.',
  },
  ...messageOptions,
};

const step = {
  step_id: string,
  number: { ...count, description: 'Among the steps that were not superseded, from 1; 0 when superseded.' },
  state: oneOf('running', 'completed', 'incomplete', 'failed', 'cancelled', 'denied', 'superseded'),
  started_at: time,
};
const stepOptions = { ended_at: time, error: ref('TurnError'), reason: ref('SupersedeReason') };

const input = {
  input_id: string,
  step_id: string,
  kind: oneOf('approval', 'tool_output'),
  call_id: string,
  tool_name: string,
  arguments: string,
  arguments_hash: string,
  at: time,
};

export const TURN_SCHEMAS: Readonly<Record<string, Schema>> = {
  AgentName: { type: 'string', minLength: 1, maxLength: 255, pattern: LINE },
  UserInput: {
    description: "The user's message, or input items of the Responses API.",
    type: ['string', 'array'],
    pattern: String.raw`\S`,
    minItems: 1,
    items: inputItem,
  },
  Metadata: {
    type: 'object',
    maxProperties: 16,
    propertyNames: { maxLength: 64 },
    additionalProperties: { type: 'string', maxLength: 512 },
  },
  StartTurn: object(
    { agent: ref('AgentName'), input: ref('UserInput') },
    {
      turn_id: {
        ...id,
        description: 'The same id with the same input is the same turn: a request may be repeated.',
      },
      ...turnOptions,
    },
  ),
  TurnInput: object(
    { agent: ref('AgentName'), input: ref('UserInput') },
    { ...turnOptions, report_to: object({ workflow_id: string }) },
  ),
  StartedTurn: object({ turn_id: string, links: ref('TurnLinks') }),
  TurnLinks: object({ self: string, events: string, result: string }),
  TurnSummary: object(
    {
      turn_id: string,
      agent: string,
      status: ref('TurnStatus'),
      started_at: time,
    },
    { session_id: string, closed_at: time },
  ),
  TurnStatus: {
    ...oneOf('running', 'completed', 'failed', 'cancelled', 'terminated', 'timed_out'),
    description: 'A turn that ends as incomplete is completed here.',
  },
  TurnId: object({ turn_id: string }),
  TurnProgress: object(
    {
      turn_id: string,
      state: oneOf('running', 'waiting', 'completed', 'incomplete', 'failed', 'cancelled'),
      steps: list({ oneOf: [ref('InferenceStep'), ref('ToolExecutionStep')] }),
      inputs: list(ref('OpenInput')),
      response_ids: list(string),
      num_steps: count,
      usage: ref('TurnUsage'),
    },
    { session_id: string, agent: string, started_at: time, end: ref('TurnEnd'), truncated: boolean },
  ),
  InferenceStep: object(
    {
      ...step,
      step_type: { const: 'inference' },
      attempt: count,
      text: string,
      reasoning: list(ref('ReasoningText')),
      annotations: list(anyObject),
      function_calls: list(ref('ToolCall')),
      server_tool_executions: list(ref('ServerToolExecution')),
    },
    {
      ...stepOptions,
      response_id: string,
      model: string,
      agent_hash: string,
      refusal: string,
      stop_reason: string,
      usage: ref('Usage'),
      service_tier: string,
    },
  ),
  ToolExecutionStep: object(
    {
      ...step,
      step_type: { const: 'tool_execution' },
      server_side: boolean,
      tool_type: string,
      tool_name: string,
      arguments: string,
      failed_attempts: list(object({ attempt: count, error: ref('TurnError') }, { retry_at: time })),
      tool_responses: list(ref('ToolResponse')),
    },
    { ...stepOptions, call_id: string, server_label: string, attempt: count, report: anything },
  ),
  OpenInput: object(input, { server_label: string, expires_at: time }),
  TurnResult: object(
    {
      turn_id: string,
      status: oneOf('completed', 'incomplete'),
      stop_reason: string,
      final_text: string,
      response_ids: list(string),
      num_steps: count,
      usage: ref('TurnUsage'),
    },
    { session_id: string, final_output: anything, refusal: string, open_calls: list(ref('ToolCall')) },
  ),
  TurnOutcome: {
    description: 'How a turn has ended.',
    oneOf: [
      object({ state: oneOf('completed', 'incomplete'), result: ref('TurnResult') }),
      object({ state: { const: 'failed' }, error: ref('TurnError') }),
      object({ state: { const: 'cancelled' } }),
    ],
  },
  TurnOpen: object({ state: oneOf('running', 'waiting') }),
  Decision: {
    description: 'What is decided about a question that a turn asks.',
    ...object(
      { decision: oneOf('approve', 'deny', 'output', 'error') },
      { arguments_hash: ref('ArgumentsHash'), output: anything, by: ref('By'), reason: ref('Reason') },
    ),
    allOf: [
      { if: decides('error'), else: { required: ['arguments_hash'] } },
      { if: decides('approve', 'deny', 'error'), else: { required: ['output'] } },
      { if: decides('output'), else: { properties: { output: false } } },
    ],
  },
  ArgumentsHash: {
    type: 'string',
    pattern: '^[0-9a-f]{64}$',
    description: 'Of the input_required event: the decision is bound to what was asked.',
  },
  By: { type: 'string', maxLength: 200, description: 'Who decides; watchers see it.' },
  Reason: { type: 'string', maxLength: 1000, description: 'Why; that of a denial is told to the model.' },
  InputOutcome: object(
    {
      input_id: string,
      decision: oneOf('approve', 'deny', 'output', 'error', 'timeout', 'cancelled'),
      at: time,
    },
    { by: string, reason: string },
  ),
  Cut: {
    description: 'The data of `event: cut`: go on behind `after`, here or at another gateway.',
    ...object({ reason: oneOf('slow_client', 'shutdown', 'source_failed') }, { after: string }),
  },
  Problem: object(
    {
      type: string,
      title: string,
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: string,
      code: string,
    },
    { errors: list(object({ path: string, message: string })) },
  ),
};

function decides(...decisions: readonly string[]): Schema {
  return { properties: { decision: { enum: decisions } } };
}
