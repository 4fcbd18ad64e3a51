/** Which of the request's tools the default assistant calls, by the words of the prompt. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { withoutDirectives } from './directives.js';
import { fillArguments, placesOf } from './fill-arguments.js';
import { bestSentences } from './quote.js';
import { reply } from './reply.js';
import type { FunctionCallStep, ReplyStep } from './reply-step.js';
import type { ScriptRequest } from './script.js';
import { objectOf, objectsOf, stringOf } from './wire.js';
import { overlap, wordsOf } from './words.js';

const FILE_SEARCH = 'file_search';
const PLAIN = /\[\[plain\]\]|^(?:hi|hello|thanks|say)\b/i;
const ABOUT_FILES = /\b(?:search|files?|documents?|knowledge|according|uploaded)\b/i;
const WEATHER = /weather|temperature|forecast|\bwarm|\bcold\b/i;
/** A paragraph that shares fewer words with the prompt is about something else. */
const RELEVANT_WORDS = 2;

/** The calls that the prompt asks for: first a search, then functions, which may use what it found. */
export function toolSteps(request: ScriptRequest): readonly ReplyStep[] {
  const { body, prompt } = request;
  const tools = objectsOf(body['tools']);
  const choice = body['tool_choice'];
  if (tools.length === 0 || choice === 'none' || PLAIN.test(prompt)) return [];
  const forced = forcedBy(choice);
  const functions = tools.filter(({ type }) => type === 'function');
  const wanted =
    forced === undefined ? functions.filter((tool) => isAbout(tool, prompt)) : named(functions, forced);
  const calls = wanted.flatMap((tool) => callsOf(tool, prompt));
  const searches = forced === undefined ? searchHelps(request, tools) : forced === FILE_SEARCH;
  if (calls.length === 0 && !searches && choice === 'required' && functions[0])
    return callsOf(functions[0], prompt);
  const allowed = body['parallel_tool_calls'] === false ? calls.slice(0, 1) : calls;
  return searches ? [reply.fileSearch(withoutDirectives(prompt)), ...allowed] : allowed;
}

function searchHelps(request: ScriptRequest, tools: readonly JsonObject[]): boolean {
  if (!tools.some(({ type }) => type === FILE_SEARCH)) return false;
  if (tools.length === 1 || ABOUT_FILES.test(request.prompt)) return true;
  const prompt = withoutDirectives(request.prompt);
  const needed = Math.min(RELEVANT_WORDS, new Set(wordsOf(prompt)).size);
  return request.search(prompt).some((hit) => overlap(hit.text, prompt) >= needed);
}

function isAbout(tool: JsonObject, prompt: string): boolean {
  const name = stringOf(tool['name']) ?? '';
  if (prompt.includes(name)) return true;
  if (WEATHER.test(name)) return WEATHER.test(prompt);
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]/g, ' ');
  return overlap(`${words} ${stringOf(tool['description']) ?? ''}`, withoutDirectives(prompt)) > 0;
}

/** One call, or one for each place that the prompt names when the tool is about the weather. */
function callsOf(tool: JsonObject, prompt: string): FunctionCallStep[] {
  const name = stringOf(tool['name']) ?? '';
  const places = WEATHER.test(name) ? placesOf(prompt) : [];
  const asked = withoutDirectives(prompt);
  return (places.length > 0 ? places : [placesOf(prompt)[0]]).map((place) =>
    reply.functionCall(name, (hits) =>
      fillArguments(objectOf(tool['parameters']), {
        prompt: asked,
        place,
        finding: hits.length > 0 ? bestSentences(hits, asked, 1)[0]?.text : undefined,
      }),
    ),
  );
}

function named(functions: readonly JsonObject[], name: string): readonly JsonObject[] {
  return functions.filter((tool) => tool['name'] === name);
}

/** A `tool_choice` names a function, or a hosted tool by its type. */
function forcedBy(choice: JsonValue | undefined): string | undefined {
  const { type, name } = objectOf(choice);
  return stringOf(name) ?? (type === FILE_SEARCH ? FILE_SEARCH : undefined);
}
