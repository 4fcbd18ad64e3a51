/** An answer made of the sentences of search hits, with their citations. */
import type { AnnotatedText } from './reply-step.js';
import type { SearchHit } from './search.js';
import { overlap, sentencesOf } from './words.js';

export interface Quote {
  readonly text: string;
  readonly hit: SearchHit;
}

/** The sentences that share most words with the question, in the order of the hits. */
export function bestSentences(hits: readonly SearchHit[], question: string, count: number): Quote[] {
  return hits
    .flatMap((hit) => sentencesOf(hit.text).map((text) => ({ text, hit, shared: overlap(text, question) })))
    .map((quote, place) => ({ ...quote, place }))
    .toSorted((a, b) => b.shared - a.shared || a.place - b.place)
    .slice(0, count)
    .toSorted((a, b) => a.place - b.place);
}

export function quoteHits(hits: readonly SearchHit[], question: string): AnnotatedText {
  const quotes = bestSentences(hits, question, 3);
  if (quotes.length === 0) return { text: 'The search found nothing in the files.', annotations: [] };
  let text = 'According to the files:';
  const annotations = quotes.map(({ text: sentence, hit }) => {
    text += ` ${/[.!?]$/.test(sentence) ? sentence : `${sentence}.`}`;
    return { type: 'file_citation', file_id: hit.fileId, filename: hit.filename, index: text.length - 1 };
  });
  return { text, annotations };
}
