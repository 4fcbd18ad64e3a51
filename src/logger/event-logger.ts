/**
 * The event logger: turn events as text for people at a terminal.
 *
 * It prints what the Python client's `AgentEventLogger` (ogx_client 0.8.0) prints for the same events, with
 * the same signs, except:
 *  1. A function call is printed when its arguments are final, at the end of its inference step, cut after
 *     100 characters. Printed when it is issued, as there, it always reads `name({})`. Custom tools too.
 *  2. An inference step that says nothing ends no line: its `🤔 ` stays for the next step, so that empty
 *     steps pile up no bare marks and leave no blank line before `🔧`.
 *  3. Steps that run side by side: a line of another step first ends the one that is open, and words that go
 *     on after it get a `🤔 ` of their own. There both run into one line.
 *  4. Tools of ours that run side by side share one `🔧 Executing function tools`: each is a step of its
 *     own here, there they are one step.
 *  5. A hosted tool's heading also names the tool and its server where the type does not (`mcp find_page on
 *     wiki`), has a blank line above it only below the model's words, and its result is printed, unless the
 *     server gave none; the events of that client never hold one.
 *  6. Content that is not a string is compact JSON, not a Python value, and is cut after 100 characters
 *     too; a content is one line, so that it stays below its tool.
 *  7. A tool that failed, was denied or cancelled reads `✗ tool failed: ...`, where `→ tool: ...` looks like
 *     success; one that ends so without any content is told as well.
 *  8. `❌ Turn failed` has no blank line above it when a step of the model failed with it: that step is closed
 *     first here, there it stays open.
 *  9. Control characters of a model or a tool are shown by their code (carriage returns are left out): they
 *     must not steer the terminal.
 * 10. Words that were not streamed (`publishing: "steps" | "off"`) are printed when the step ends.
 * 11. Printed here, not known there: reasoning `💭`, refusals `🚫`, lost attempts and what they drop `⟲`,
 *     failed and further tries of a tool `✗` `↻`, its reports `…`, inputs that are needed and given `⏸` `▶`,
 *     `⏹ Turn cancelled`, `⚠ Turn incomplete` with the reason.
 * There are no colours: the text is the same in a terminal, a file and a test.
 */
import type { Delta, StepProgress, StepSuperseded, TurnEvent } from '../events/turn-event.js';
import { inferenceCompleted, modelSpoke } from './model-lines.js';
import type { LoggerState, Page } from './page.js';
import { endLine, heading, line, mark, noteOf } from './page.js';
import {
  attemptFailed,
  attemptStarted,
  inputRequired,
  inputResolved,
  toolCompleted,
  toolReported,
  toolStarted,
} from './tool-lines.js';
import { brief, joined, oneLine, plain, when } from './wording.js';

export type { LoggerState } from './page.js';

/** The logger of a turn of which nothing has been printed. */
export function startLog(): LoggerState {
  return { cursor: { place: 'start' }, steps: new Map(), inputs: new Map(), underTools: false };
}

/**
 * Prints one event: `text` goes to the terminal as it is, without a line feed of the caller's; it may be
 * empty, and it may end within a line that the next event continues. Event and delta types that are not
 * known print nothing. Pure.
 */
export function logEvent(state: LoggerState, event: TurnEvent): { state: LoggerState; text: string } {
  const { text, ...next } = printed({ ...state, text: '' }, event);
  if (event.type === 'step_superseded' || next.lostReason === undefined) return { state: next, text };
  const { lostReason: _reason, ...without } = next;
  return { state: without, text };
}

/**
 * The logger with its state inside, one for each turn.
 * @example
 * const logger = new EventLogger();
 * for await (const event of turn.events()) process.stdout.write(logger.log(event));
 */
export class EventLogger {
  #state = startLog();

  log(event: TurnEvent): string {
    const { state, text } = logEvent(this.#state, event);
    this.#state = state;
    return text;
  }
}

function printed(page: Page, event: TurnEvent): Page {
  switch (event.type) {
    case 'turn_started':
      return page;
    case 'step_started':
      return event.step_type === 'inference'
        ? { ...mark(page), underTools: false }
        : toolStarted(page, event);
    case 'step_progress':
      return progressed(page, event, event.delta);
    case 'step_completed':
      return event.step_type === 'inference' ? inferenceCompleted(page, event) : toolCompleted(page, event);
    case 'step_superseded':
      return superseded(page, event);
    case 'input_required':
      return inputRequired(page, event);
    case 'input_resolved':
      return inputResolved(page, event);
    case 'turn_completed':
      return event.status === 'completed'
        ? endLine(page)
        : line(page, `⚠ Turn incomplete: ${oneLine(event.stop_reason)}`);
    case 'turn_failed':
      return heading(page, `❌ Turn failed: ${plain(event.error.message)}`);
    case 'turn_cancelled':
      return line(page, '⏹ Turn cancelled');
    default:
      return unknownToThisVersion(page, event);
  }
}

function progressed(page: Page, { step_id }: StepProgress, delta: Delta): Page {
  switch (delta.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return modelSpoke(page, step_id, delta.type, delta.text);
    case 'attempt_started':
      return attemptStarted(page, step_id, delta);
    case 'attempt_failed':
      return attemptFailed(page, step_id, delta);
    case 'tool_report':
      return toolReported(page, step_id, delta);
    case 'tool_call_issued':
    case 'tool_call_delta':
    case 'tool_call_completed':
    case 'annotation':
      return page;
    default:
      return unknownToThisVersion(page, delta);
  }
}

/** The steps of a lost attempt come one after another: the reason is told once, then only what is dropped. */
function superseded(page: Page, { step_id, reason, retry_at, may_have_run }: StepSuperseded): Page {
  const { tool, said } = noteOf(page, step_id);
  const dropped = [tool, said.trim()].filter((part) => part !== undefined && part !== '').join(': ');
  const isNews = reason.message !== page.lostReason;
  if (!isNews && dropped === '') return page;
  const text = joined(
    dropped === '' ? '⟲ attempt lost' : `⟲ attempt lost, dropped: ${brief(dropped)}`,
    may_have_run ? 'may have run' : undefined,
    isNews ? brief(reason.message) : undefined,
    isNews && retry_at !== undefined ? `next try ${when(retry_at)}` : undefined,
  );
  return { ...line(page, text), lostReason: reason.message };
}

function unknownToThisVersion(page: Page, _event: never): Page {
  return page;
}
