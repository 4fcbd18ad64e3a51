/** A real search over real text: paragraphs ranked by BM25. */
import type { JsonObject } from '../events/json.js';
import { sentencesOf, wordsOf } from './words.js';

export interface Chunk {
  readonly fileId: string;
  readonly filename: string;
  readonly text: string;
  readonly attributes: JsonObject;
}

/** A piece of a file that fits a query. */
export interface SearchHit extends Chunk {
  /** Between 0 and 1: the share of what a perfect paragraph would reach. */
  readonly score: number;
}

const MAX_CHUNK = 1600;
const HEADING = 80;
const K1 = 1.2;
const B = 0.75;

/** Paragraphs of a text; a heading joins the paragraph after it, a very long paragraph is cut at sentences. */
export function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let heading = '';
  for (const paragraph of text.split(/\r?\n\s*\r?\n/).map((part) => part.trim())) {
    if (paragraph === '') continue;
    const joined = heading === '' ? paragraph : `${heading}\n${paragraph}`;
    heading = '';
    if (paragraph.length < HEADING && !/[.!?]$/.test(paragraph)) heading = joined;
    else if (joined.length <= MAX_CHUNK) chunks.push(joined);
    else chunks.push(...cutAtSentences(joined));
  }
  if (heading !== '') chunks.push(heading);
  return chunks;
}

/** The chunks that share words with the query, best first. */
export function search(chunks: readonly Chunk[], query: string, limit: number): SearchHit[] {
  const documents = chunks.map((chunk) => ({ chunk, words: wordsOf(chunk.text) }));
  const average = documents.reduce((sum, { words }) => sum + words.length, 0) / Math.max(1, documents.length);
  const terms = [...new Set(wordsOf(query))].map((term) => {
    const holders = documents.filter(({ words }) => words.includes(term)).length;
    return { term, idf: Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5)) };
  });
  const best = terms.reduce((sum, { idf }) => sum + idf * (K1 + 1), 0);
  return documents
    .map(({ chunk, words }) => {
      const norm = K1 * (1 - B + (B * words.length) / Math.max(1, average));
      const sum = terms.reduce((total, { term, idf }) => {
        const count = words.filter((word) => word === term).length;
        return total + (idf * count * (K1 + 1)) / (count + norm);
      }, 0);
      return { ...chunk, score: best === 0 ? 0 : Math.round((sum / best) * 10_000) / 10_000 };
    })
    .filter((hit) => hit.score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
}

function cutAtSentences(text: string): string[] {
  const pieces: string[] = [];
  for (const sentence of sentencesOf(text)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + sentence.length < MAX_CHUNK)
      pieces[pieces.length - 1] = `${last} ${sentence}`;
    else pieces.push(sentence);
  }
  return pieces;
}
