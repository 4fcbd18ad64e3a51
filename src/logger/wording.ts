/** How values from models, tools and servers are put into words that are safe and short on a terminal. */
import type { JsonValue } from '../events/json.js';

/** Characters of a content, an argument text or a dropped text that are shown. */
export const SHOWN_CHARACTERS = 100;

/**
 * Text as a terminal may have it: line feeds and tabs stay, carriage returns go, other control characters
 * are shown by their code. A model or a tool must not move the cursor or recolour the screen.
 */
export function plain(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/[^\P{Cc}\n\t]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Any JSON as one line: a string as it is, the rest as compact JSON. */
export function oneLine(value: JsonValue): string {
  return plain(typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s*\n\s*/g, ' ');
}

/** As `oneLine`, cut after 100 characters (code points, so that no character is torn). */
export function brief(value: JsonValue): string {
  const text = oneLine(value);
  const head = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 1));
  return head.length > SHOWN_CHARACTERS ? `${head.slice(0, SHOWN_CHARACTERS).join('')}...` : text;
}

/** An RFC 3339 time for people: `2026-01-05 12:00:05 UTC`. */
export function when(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

/** Parts of one line, without those that have nothing to say. */
export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
