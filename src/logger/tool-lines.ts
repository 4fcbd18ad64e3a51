/** What the logger prints of tools, hosted and ours, and of the questions that they wait for. */
import type {
  AttemptFailed,
  AttemptStarted,
  InputDecision,
  InputRequired,
  InputResolved,
  StepStatus,
  ToolExecutionCompleted,
  ToolExecutionStarted,
  ToolMetadata,
  ToolReport,
  ToolResponse,
} from '../events/turn-event.js';
import type { Page } from './page.js';
import { heading, line, noteOf, remember, withNote } from './page.js';
import { brief, joined, oneLine, plain, when } from './wording.js';

/** A hosted tool has a heading of its own; tools of ours that run side by side share one. */
export function toolStarted(page: Page, { step_id, metadata }: ToolExecutionStarted): Page {
  const noted = withNote(page, step_id, { tool: metadata.tool_name, said: '', voices: [] });
  if (metadata.server_side) return heading(noted, `🔧 Executing ${hostedTool(metadata)} (server-side)...`);
  if (page.underTools) return noted;
  return { ...heading(noted, '🔧 Executing function tools (client-side)...'), underTools: true };
}

export function toolCompleted(page: Page, event: ToolExecutionCompleted): Page {
  const { step_id, status, result, error } = event;
  const bare = result.tool_responses.length === 0;
  if (bare && status === 'completed') return page;
  if (bare) return outcome(page, step_id, toolOf(page, step_id), failure(status), error?.message ?? '');
  return result.tool_responses.reduce(
    (before, response) => withResponse(before, step_id, status, response),
    page,
  );
}

export function attemptStarted(page: Page, stepId: string, { attempt }: AttemptStarted): Page {
  return attempt === 1 ? page : line(page, `  ↻ ${toolOf(page, stepId)}: attempt ${attempt}`);
}

export function attemptFailed(page: Page, stepId: string, { attempt, error, retry_at }: AttemptFailed): Page {
  const next = retry_at === undefined ? undefined : `next try ${when(retry_at)}`;
  const failed = `  ✗ ${toolOf(page, stepId)}: attempt ${attempt} failed: ${brief(error.message)}`;
  return line(page, joined(failed, next));
}

export function toolReported(page: Page, stepId: string, { data }: ToolReport): Page {
  return line(page, `  … ${toolOf(page, stepId)}: ${brief(data)}`);
}

/** The arguments stand there whole: somebody has to decide on them. */
export function inputRequired(page: Page, event: InputRequired): Page {
  const asked = event.kind === 'approval' ? 'Approval needed' : 'Output needed';
  const tool = plain(event.tool_name);
  const text = joined(
    `⏸ ${asked}: ${tool}(${oneLine(event.arguments)})`,
    event.server_label === undefined ? undefined : `server ${plain(event.server_label)}`,
    `input ${event.input_id}`,
    event.expires_at === undefined ? undefined : `until ${when(event.expires_at)}`,
  );
  return { ...line(page, text), inputs: new Map(page.inputs).set(event.input_id, tool) };
}

const DECIDED: Readonly<Record<InputDecision, string>> = {
  approve: 'Approved',
  deny: 'Denied',
  output: 'Output given',
  error: 'Error given',
  timeout: 'Timed out',
  cancelled: 'No longer needed',
};

export function inputResolved(page: Page, { input_id, decision, by, reason }: InputResolved): Page {
  const inputs = new Map(page.inputs);
  const tool = inputs.get(input_id) ?? `input ${input_id}`;
  inputs.delete(input_id);
  const text = joined(
    `▶ ${DECIDED[decision]}: ${tool}`,
    by === undefined ? undefined : `by ${oneLine(by)}`,
    reason === undefined ? undefined : brief(reason),
  );
  return { ...line(page, text), inputs };
}

/** `mcp search_docs on docs`: the type alone would not tell an MCP server's tools apart. */
function hostedTool({ tool_type, tool_name, server_label }: ToolMetadata): string {
  const named = tool_name === tool_type || tool_name === `${tool_type}_call` ? '' : ` ${tool_name}`;
  return plain(`${tool_type}${named}${server_label === undefined ? '' : ` on ${server_label}`}`);
}

function withResponse(page: Page, stepId: string, status: StepStatus, response: ToolResponse): Page {
  const failed = response.is_error && status === 'completed' ? 'failed' : failure(status);
  // A server that does not hand out a hosted tool's result leaves null, which tells nobody anything.
  if (response.content === null && failed === '') return page;
  const content = response.content === null ? '' : brief(response.content);
  return outcome(page, stepId, plain(response.tool_name), failed, content);
}

/** `→ tool: content`, or `✗ tool failed: content`. */
function outcome(page: Page, stepId: string, tool: string, failed: string, content: string): Page {
  const head = failed === '' ? `  → ${tool}: ` : `  ✗ ${tool} ${failed}${content === '' ? '' : ': '}`;
  return line(remember(page, stepId, brief(content)), head + brief(content));
}

function failure(status: StepStatus): string {
  return status === 'completed' ? '' : status;
}

function toolOf(page: Page, stepId: string): string {
  return plain(noteOf(page, stepId).tool ?? 'tool');
}
