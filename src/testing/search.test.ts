import { describe, expect, test } from 'vitest';
import { chunksOf, search } from './search.js';

const chunk = (text: string) => ({ fileId: 'file-1', filename: 'a.txt', text, attributes: {} });

describe('chunks', () => {
  test('are paragraphs; a heading joins the paragraph below it', () => {
    expect(chunksOf('Title\n\nOne sentence.\n\n\nAnother\nsentence.')).toEqual([
      'Title\nOne sentence.',
      'Another\nsentence.',
    ]);
  });

  test('of a very long paragraph end where a sentence ends and lose nothing', () => {
    const long = Array.from({ length: 200 }, (_, index) => `This is sentence ${index}.`).join(' ');
    const chunks = chunksOf(long);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.every((part) => part.endsWith('.'))).toBe(true);
    expect(chunks.join(' ')).toBe(long);
  });
});

describe('search', () => {
  const chunks = [
    'Bananas are yellow.',
    'Great work needs curiosity.',
    'Work on great notes, work hard.',
  ].map(chunk);

  test('ranks by shared words, in any of their forms', () => {
    const hits = search(chunks, 'Who is working on notes?', 10);
    expect(hits.map((hit) => hit.text)).toEqual([
      'Work on great notes, work hard.',
      'Great work needs curiosity.',
    ]);
    expect(hits.every((hit) => hit.score > 0 && hit.score <= 1)).toBe(true);
  });

  test('finds nothing where no word is shared', () => {
    expect(search(chunks, 'quantum chromodynamics', 10)).toEqual([]);
    expect(search([], 'work', 10)).toEqual([]);
  });

  test('gives no more than the limit', () => {
    expect(search(chunks, 'great work', 1)).toHaveLength(1);
  });
});
