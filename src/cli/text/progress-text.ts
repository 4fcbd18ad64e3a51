/** How a turn stands, for people: what `show` prints. Pure. */
import type { OpenInput, Step, TurnEndEvent, TurnProgress } from '../../events/index.js';
import type { TurnInput } from '../../protocol/turn.js';
import { brief, joined, oneLine, plain, when } from '../../logger/wording.js';
import { table } from './table.js';
import { commandLine, took } from './words.js';

/** @param input what the turn was asked, if it is known */
export function progressText(progress: TurnProgress, input?: TurnInput['input']): string {
  const { turn_id, agent, session_id, state, started_at, end, usage, inputs, truncated } = progress;
  const { input_tokens, output_tokens, total_tokens, superseded } = usage;
  const facts = [
    ['Turn', turn_id],
    ['Agent', agent ?? ''],
    ['Session', session_id ?? ''],
    ['Asked', input === undefined ? '' : askedIn(input)],
    ['State', joined(state, end && reasonOf(end))],
    ['Started', started_at === undefined ? '' : when(started_at)],
    ['Took', took(started_at, end?.at)],
    ['Tokens', total_tokens === 0 ? '' : `${total_tokens}: ${input_tokens} in, ${output_tokens} out`],
    ['', superseded ? `${superseded.total_tokens} more for attempts that were lost` : ''],
    ['Note', truncated ? 'the oldest texts and results were left out' : ''],
  ].filter(([, value]) => value !== '');
  const width = 9;
  return [
    facts.map(([name = '', value = '']) => `${name.padEnd(width)} ${oneLine(value)}\n`).join(''),
    progress.steps.length > 0 ? stepTable(progress.steps) : '',
    ...inputs.map((open) => question(turn_id, open)),
    end ? answerOf(end) : '',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Messages of the user as text, other items as JSON. */
function askedIn(input: TurnInput['input']): string {
  if (typeof input === 'string') return brief(input);
  const texts = input.flatMap((item) =>
    'role' in item && item.role === 'user' && typeof item.content === 'string' ? [item.content] : [],
  );
  return brief(texts.length === input.length ? texts.join(' ') : JSON.stringify(input));
}

function reasonOf(end: TurnEndEvent): string | undefined {
  return end.type === 'turn_completed' && end.status === 'incomplete' ? end.stop_reason : undefined;
}

function stepTable(steps: readonly Step[]): string {
  const rows = steps.map((step) => [
    step.number === 0 ? '-' : String(step.number),
    nameOf(step),
    step.state,
    took(step.started_at, step.ended_at),
    saidBy(step),
  ]);
  return table(['#', 'STEP', 'STATE', 'TOOK', ''], rows);
}

function nameOf(step: Step): string {
  if (step.step_type === 'inference') return 'inference';
  return step.server_side ? `${step.tool_name} (server-side)` : step.tool_name;
}

function saidBy(step: Step): string {
  if (step.error) return brief(step.error.message);
  if (step.reason) return brief(step.reason.message);
  if (step.step_type === 'tool_execution') {
    const [response] = step.tool_responses;
    return joined(
      step.arguments === '' ? undefined : brief(step.arguments),
      response && response.content !== null ? `→ ${brief(response.content)}` : undefined,
    );
  }
  const calls = step.function_calls.map((call) => `${call.tool_name}(${oneLine(call.arguments)})`).join(', ');
  return joined(brief(step.text), calls === '' ? undefined : `→ ${brief(calls)}`);
}

/** What is asked, and the command lines that answer it. */
export function question(turnId: string, input: OpenInput): string {
  const until = input.expires_at === undefined ? '' : `, until ${when(input.expires_at)}`;
  const call = `${input.tool_name}(${oneLine(input.arguments)})`;
  const id = input.input_id;
  if (input.kind === 'tool_output')
    return `Waits for the output of ${plain(call)} (input ${oneLine(id)})${until}.\n`;
  return [
    `Waits for an approval of ${plain(call)}${until}:`,
    `  ${commandLine('approve', turnId, id)}`,
    `  ${commandLine('deny', turnId, id, '--reason', '...')}`,
    '',
  ].join('\n');
}

function answerOf(end: TurnEndEvent): string {
  switch (end.type) {
    case 'turn_completed': {
      const text = end.refusal ?? end.final_text;
      return text === '' ? '' : `${plain(text).trimEnd()}\n`;
    }
    case 'turn_failed':
      return `${oneLine(end.error.message)} (${oneLine(end.error.code)})\n`;
    case 'turn_cancelled':
      return '';
    default:
      return end satisfies never;
  }
}
