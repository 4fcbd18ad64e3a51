/** Words as the search and the default assistant compare them: small, deterministic, English. */

const STOP = new Set(
  (
    'a an and any are as at be been but by can could did do does for from get had has have how i if in into is it its ' +
    'just let me more my no not of on or our out please s say so some such t tell than that the their them then there ' +
    'these they this to up us was we were what when where which who why will with would you your'
  ).split(' '),
);

/** Words in order, without the ones that say nothing, cut to a stem. */
export function wordsOf(text: string): string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.filter((word) => !STOP.has(word)).map(stem);
}

/** How many different words of `a` stand in `b`. */
export function overlap(a: string, b: string): number {
  const there = new Set(wordsOf(b));
  return new Set(wordsOf(a).filter((word) => there.has(word))).size;
}

/** Sentences of a text, trimmed, in order. */
export function sentencesOf(text: string): string[] {
  return text
    .replace(/\s+/g, ' ')
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** Takes off the endings that only tell number and tense. */
function stem(word: string): string {
  return word
    .replace(/ies$/, 'y')
    .replace(/(?<=..[^s])s$/, '')
    .replace(/(?<=...)(?:ing|ed)$/, '')
    .replace(/(?<=...)e$/, '');
}
