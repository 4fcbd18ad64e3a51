/**
 * A script for every prompt: it calls the tools that the prompt is about, quotes what they returned, and
 * otherwise says what was said. Deterministic, so a test can tell beforehand what it will answer.
 */
import { directedSteps, withoutDirectives } from './directives.js';
import { fillArguments, placesOf } from './fill-arguments.js';
import { sinceUser, userTexts } from './input-items.js';
import { quoteHits } from './quote.js';
import { reply } from './reply.js';
import type { ReplyStep } from './reply-step.js';
import type { Script, ScriptRequest } from './script.js';
import type { SearchHit } from './search.js';
import { toolSteps } from './tool-choice.js';
import { numberOf, objectOf, objectsOf, stringOf, textOf } from './wire.js';
import type { Item } from './wire.js';

const ABOUT_BEFORE =
  /\b(?:answer(?:ed)?|earlier|before|previous(?:ly)?|again|repeat|remember|you (?:just )?(?:said|told|found|wrote|mentioned))\b/i;
const CHARACTERS_PER_TOKEN = 4;

/** The script of a server that is given none: calls the tools that the prompt is about and quotes what they return. */
export const defaultAssistant: Script = (request) => {
  const steps = decide(request);
  const limit = numberOf(request.body['max_output_tokens']);
  return limit === undefined ? steps : cutAt(limit * CHARACTERS_PER_TOKEN, steps);
};

function decide(request: ScriptRequest): readonly ReplyStep[] {
  const tail = sinceUser(request.input);
  const directed = directedSteps(request.prompt, roundsOf(tail));
  if (directed.length > 0) return answered(directed, request);
  if (request.outputs.length > 0) return [reply.text(shaped(answerFrom(request, tail), request))];
  const called = toolSteps(request);
  return called.length > 0 ? answered(called, request) : [reply.text(shaped(talk(request), request))];
}

/** A response that would end with a search goes on with an answer from what it found. */
function answered(steps: readonly ReplyStep[], request: ScriptRequest): readonly ReplyStep[] {
  if (steps.at(-1)?.kind !== 'file_search') return steps;
  const answer = reply.text((hits) => {
    const quote = quoteHits(hits, withoutDirectives(request.prompt));
    const text = shaped(quote.text, request);
    return text === quote.text ? quote : text;
  });
  return [...steps, answer];
}

/** The text itself, or JSON made of it where the request asks for a schema. */
function shaped(text: string, { body, prompt }: ScriptRequest): string {
  const format = objectOf(objectOf(body['text'])['format']);
  if (format['type'] !== 'json_schema') return text;
  const source = { prompt: withoutDirectives(prompt), place: placesOf(prompt)[0], finding: text };
  return JSON.stringify(fillArguments(objectOf(format['schema']), source));
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
  const said = userTexts(input).map(withoutDirectives);
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
