/** What the logger prints of inference steps: the model's words and the calls that it asks for. */
import type { InferenceCompleted, InferenceResult } from '../events/turn-event.js';
import type { Page, Voice } from './page.js';
import { endWords, noteOf, openLine, remember, speak } from './page.js';
import { brief, plain } from './wording.js';

/** Words of a step as they stream. */
export function modelSpoke(page: Page, stepId: string, voice: Voice, words: string): Page {
  const shown = plain(words);
  // Reasoning is shown but is no part of an answer, so it is not named when the step is dropped.
  return remember(speak(page, stepId, voice, shown), stepId, voice === 'reasoning' ? '' : shown, voice);
}

/** The step's end: words that were never streamed, then the calls with their final arguments. */
export function inferenceCompleted(page: Page, { step_id, status, result }: InferenceCompleted): Page {
  const spoken = withUnstreamed(page, step_id, result);
  const called = result.function_calls.reduce((before, call) => {
    const text = `${plain(call.tool_name)}(${brief(call.arguments)})`;
    return openLine(remember(before, step_id, ` ${text}`), `📞 Function call: ${text}`);
  }, spoken);
  // A failed or cancelled turn says so at once, and that line ends this one.
  const goesOn = status === 'completed' || status === 'incomplete';
  return goesOn && result.function_calls.length === 0 ? endWords(called, step_id) : called;
}

/** With `publishing: "steps" | "off"` the result is the first to tell what the model said. */
function withUnstreamed(page: Page, stepId: string, result: InferenceResult): Page {
  const { voices } = noteOf(page, stepId);
  const reasoning = result.reasoning?.map(({ text }) => text).join('\n') ?? '';
  const wholly: readonly (readonly [Voice, string])[] = [
    ['reasoning', reasoning],
    ['text', result.text_content],
    ['refusal', result.refusal ?? ''],
  ];
  return wholly
    .filter(([voice, words]) => words !== '' && !voices.includes(voice))
    .reduce((before, [voice, words]) => modelSpoke(before, stepId, voice, words), page);
}
