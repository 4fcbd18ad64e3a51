/**
 * A script for every prompt: it calls the tools that the prompt is about, quotes what they returned, and
 * otherwise says what was said. Deterministic, so a test can tell beforehand what it will answer.
 */
import type { JsonObject } from '../events/json.js';
import { directedSteps, withoutDirectives } from './directives.js';
import { fillArguments, placesOf } from './fill-arguments.js';
import { bestSentences, quoteHits } from './quote.js';
import { reply } from './reply.js';
import type { FunctionCallStep, ReplyStep } from './reply.js';
import type { Script, ScriptRequest } from './script.js';
import type { SearchHit } from './search.js';
import { numberOf, objectOf, objectsOf, stringOf, textOf } from './wire.js';
import type { Item } from './wire.js';
import { overlap } from './words.js';

const PLAIN = /\[\[plain\]\]|^(?:hi|hello|thanks|say)\b/i;
const ABOUT_FILES = /\b(?:search|files?|documents?|knowledge|according|uploaded)\b/i;
const ABOUT_BEFORE =
  /\b(?:answer(?:ed)?|earlier|before|previous(?:ly)?|again|repeat|remember|you (?:just )?(?:said|told|found|wrote|mentioned))\b/i;
const WEATHER = /weather|temperature|forecast|\bwarm|\bcold\b/i;
/** Hits below it share only a word by chance. */
const RELEVANT = 0.3;
const CHARACTERS_PER_TOKEN = 4;

export const defaultAssistant: Script = (request) => {
  const steps = decide(request);
  const limit = numberOf(request.body['max_output_tokens']);
  return limit === undefined ? steps : cutAt(limit * CHARACTERS_PER_TOKEN, steps);
};

function decide(request: ScriptRequest): readonly ReplyStep[] {
  const tail = request.input.slice(request.input.findLastIndex(isUser) + 1);
  const directed = directedSteps(request.prompt, roundsOf(tail));
  if (directed.length > 0) return directed;
  if (request.outputs.length > 0) return [reply.text(answerFrom(request, tail))];
  const calls = toolSteps(request);
  return calls.length > 0 ? calls : [reply.text(talk(request))];
}

/** The calls that the prompt asks for: first a search, then functions, which may use what it found. */
function toolSteps(request: ScriptRequest): readonly ReplyStep[] {
  const { body, prompt } = request;
  const tools = objectsOf(body['tools']);
  const choice = body['tool_choice'];
  if (tools.length === 0 || choice === 'none' || PLAIN.test(prompt)) return [];
  const forced = stringOf(objectOf(choice)['name']) ?? hostedChoice(choice);
  const functions = tools.filter(({ type }) => type === 'function');
  const wanted =
    forced === undefined ? functions.filter((tool) => isAbout(tool, prompt)) : named(functions, forced);
  const calls = wanted.flatMap((tool) => callsOf(tool, prompt));
  const searches = forced === undefined ? searchHelps(request, tools) : forced === 'file_search';
  if (calls.length === 0 && !searches && choice === 'required' && functions[0])
    return callsOf(functions[0], prompt);
  const allowed = body['parallel_tool_calls'] === false ? calls.slice(0, 1) : calls;
  if (!searches) return allowed;
  const answer = reply.text((hits) => quoteHits(hits, prompt));
  return [reply.fileSearch(withoutDirectives(prompt)), ...(allowed.length > 0 ? allowed : [answer])];
}

function searchHelps(request: ScriptRequest, tools: readonly JsonObject[]): boolean {
  if (!tools.some(({ type }) => type === 'file_search')) return false;
  if (tools.length === 1 || ABOUT_FILES.test(request.prompt)) return true;
  return (request.search(request.prompt)[0]?.score ?? 0) >= RELEVANT;
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

/** `tool_choice: {type: "file_search"}` forces a hosted tool by its type. */
function hostedChoice(choice: unknown): string | undefined {
  return stringOf(objectOf(choice)['type']);
}

/** After the outputs have come: what the searches of this turn found, then what each function returned. */
function answerFrom({ prompt, outputs }: ScriptRequest, tail: readonly Item[]): string {
  const found = tail.filter(({ type }) => type === 'file_search_call').flatMap(hitsOf);
  const quotes = found.length > 0 ? [quoteHits(found, prompt).text] : [];
  const returned = outputs.map(
    ({ name, output }) => `The ${name} tool returned: ${output.trim().slice(0, 600)}`,
  );
  return [...quotes, ...returned].join('\n');
}

function hitsOf(search: Item): SearchHit[] {
  return objectsOf(search['results']).map((result) => ({
    fileId: stringOf(result['file_id']) ?? '',
    filename: stringOf(result['filename']) ?? '',
    text: stringOf(result['text']) ?? '',
    score: numberOf(result['score']) ?? 0,
    attributes: objectOf(result['attributes']),
  }));
}

function talk({ input, prompt }: ScriptRequest): string {
  const count = /\bcount (?:from 1 )?to (\d{1,5})/i.exec(prompt)?.[1];
  if (count !== undefined)
    return `${Array.from({ length: Number(count) }, (_, index) => index + 1).join(', ')}.`;
  const said = input.filter(isUser).map((item) => withoutDirectives(textOf(item['content'])));
  const earlier = said.at(-2);
  const answer = input.findLast((item) => item.type === 'message' && item['role'] === 'assistant');
  const sentences = [
    `This is turn ${said.length} of our talk.`,
    `You said: "${(said.at(-1) ?? '').slice(0, 400)}".`,
    earlier === undefined ? '' : `Before that you said: "${earlier.slice(0, 400)}".`,
    answer && ABOUT_BEFORE.test(prompt)
      ? `I answered then: "${textOf(answer['content']).slice(0, 600)}".`
      : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** How many times functions were called since the user spoke; calls side by side are one round. */
function roundsOf(tail: readonly Item[]): number {
  return tail.filter(
    ({ type }, index) => type === 'function_call' && tail[index - 1]?.type !== 'function_call',
  ).length;
}

/** What a model does that may not say more: the first fixed text that is too long ends the response. */
function cutAt(characters: number, steps: readonly ReplyStep[]): readonly ReplyStep[] {
  const index = steps.findIndex((step) => step.kind === 'text' && lengthOf(step.text) > characters);
  const long = steps[index];
  if (long?.kind !== 'text' || typeof long.text !== 'string') return steps;
  return [...steps.slice(0, index), reply.text(long.text.slice(0, characters)), reply.incomplete()];
}

function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}

function isUser(item: Item): boolean {
  return item.type === 'message' && item['role'] === 'user';
}
