/**
 * The story of a response, one line for each thing that happened: steps as they open and close, with what was
 * said in between. Deltas in a row are one line, long texts are their beginning, length and hash, so that a
 * story can be read by people, tells every change, and holds no copy of what a server sent.
 */
import { createHash } from 'node:crypto';
import type { Delta, JsonValue, StepDraft } from '../../src/events/index.js';
import type { ResponseOutcome } from '../../src/synthesizer/index.js';

const SHOWN = 60;

export function storyOf(events: readonly StepDraft[], end: ResponseOutcome | undefined): string {
  const lines: string[] = [];
  let run: { readonly key: string; readonly step: string; count: number; text: string } | undefined;
  const endRun = (): void => {
    if (run) lines.push(`${run.step} ${run.key} ×${String(run.count)}: ${brief(run.text)}`);
    run = undefined;
  };
  for (const event of events) {
    const step = event.step_id.slice(-3);
    const piece = event.type === 'step_progress' ? pieceOf(event.delta) : undefined;
    if (piece && run?.key === piece.key && run.step === step) {
      run.count += 1;
      run.text += piece.text;
      continue;
    }
    endRun();
    if (piece) run = { ...piece, step, count: 1 };
    else lines.push(...linesOf(event, step));
  }
  endRun();
  if (end) lines.push(...endLines(end));
  return `${lines.join('\n')}\n`;
}

/** A delta that goes on where the one before stopped. */
function pieceOf(delta: Delta): { key: string; text: string } | undefined {
  switch (delta.type) {
    case 'text':
    case 'refusal':
      return { key: delta.type, text: delta.text };
    case 'reasoning':
      return { key: `reasoning ${delta.kind}`, text: delta.text };
    case 'tool_call_delta':
      return { key: `arguments of ${short(delta.call_id)}`, text: delta.arguments_delta };
    default:
      return undefined;
  }
}

function linesOf(event: StepDraft, step: string): readonly string[] {
  switch (event.type) {
    case 'step_started': {
      const { metadata } = event;
      if (!('tool_type' in metadata)) return [`${step} + inference ${metadata.model ?? ''}`];
      const { tool_type, tool_name, call_id = '', server_label, arguments: written } = metadata;
      const on = server_label === undefined ? '' : ` on ${server_label}`;
      const given = written === undefined ? '' : ` ${brief(written)}`;
      return [`${step} + ${tool_type} ${tool_name}${on} ${short(call_id)}${given}`];
    }
    case 'step_progress':
      return [`${step} ${deltaLine(event.delta)}`];
    case 'step_completed': {
      const error = event.error
        ? ` error ${event.error.code}${event.error.retryable ? ' (passes)' : ''}`
        : '';
      return [`${step} - ${event.status}${resultOf(event)}${error}`];
    }
    default:
      return event satisfies never;
  }
}

function deltaLine(delta: Delta): string {
  switch (delta.type) {
    case 'tool_call_issued':
      return `call ${delta.tool_type} ${delta.tool_name} ${short(delta.call_id)} ${brief(delta.arguments)}`;
    case 'tool_call_completed':
      return `result ${brief(delta.result)}`;
    case 'annotation':
      return `annotation ${brief(delta.annotation)}`;
    case 'tool_report':
      return `report ${brief(delta.data)}`;
    default:
      return delta.type;
  }
}

function resultOf(event: Extract<StepDraft, { type: 'step_completed' }>): string {
  if (event.step_type === 'tool_execution') {
    const { tool_calls, tool_responses } = event.result;
    const asked = tool_calls.map((call) => ` ${brief(call.arguments)}`).join('');
    const told = tool_responses.map(
      ({ content, is_error, metadata }) =>
        ` → ${is_error ? 'error ' : ''}${brief(content)}${metadata ? ` ${brief(metadata)}` : ''}`,
    );
    return asked + told.join('');
  }
  const { stop_reason, text_content, reasoning = [], refusal, annotations = [] } = event.result;
  const { function_calls, server_tool_executions, usage } = event.result;
  const parts = [
    text_content === '' ? '' : `text ${brief(text_content)}`,
    reasoning.length === 0 ? '' : `reasoning ${brief(reasoning.map(({ text }) => text).join(''))}`,
    refusal === undefined ? '' : `refusal ${brief(refusal)}`,
    annotations.length === 0 ? '' : `${String(annotations.length)} annotations`,
    function_calls.length === 0
      ? ''
      : `calls ${function_calls.map(({ call_id }) => short(call_id)).join(' ')}`,
    server_tool_executions.length === 0 ? '' : `${String(server_tool_executions.length)} server tools`,
    usage ? `${String(usage.input_tokens)} tokens in, ${String(usage.output_tokens)} out` : '',
  ];
  return [` ${stop_reason}`, ...parts.filter((part) => part !== '')].join('; ');
}

function endLines(end: ResponseOutcome): readonly string[] {
  const { status, stop_reason, final_text, function_calls, approvals, error, unknown_events } = end;
  return [
    `end ${status} ${stop_reason}`,
    ...(final_text === '' ? [] : [`final text ${brief(final_text)}`]),
    ...(end.refusal === undefined ? [] : [`refusal ${brief(end.refusal)}`]),
    ...function_calls.map(
      (call) =>
        `to run ${call.tool_type} ${call.tool_name} ${short(call.call_id)} ${brief(call.arguments)}` +
        `${call.arguments_complete ? '' : ' NOT WHOLE'}${call.caller ? ` for ${brief(call.caller)}` : ''}`,
    ),
    ...approvals.map(
      (asked) => `to approve ${asked.tool_name} on ${asked.server_label} ${brief(asked.arguments)}`,
    ),
    ...(error ? [`error ${error.code}: ${brief(error.message)}`] : []),
    ...(unknown_events === 0 ? [] : [`${String(unknown_events)} unknown events`]),
  ];
}

/** Short texts whole, long ones by their beginning, length and hash. */
function brief(value: JsonValue): string {
  const text = JSON.stringify(value);
  if (text.length <= SHOWN) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${text.slice(0, SHOWN - 20)}… (${String(text.length)}, ${hash})`;
}

/** Ids are long and say nothing; their end tells them apart. */
const short = (id: string): string => (id.length <= 12 ? id : `…${id.slice(-8)}`);
