/**
 * The page that the logger writes on. It knows where the cursor stands, so that steps that run side by side
 * never write into each other's lines. Every function takes a page and returns the next one.
 */
import { SHOWN_CHARACTERS } from './wording.js';

/** What the logger remembers between two events. Plain data; treat it as opaque. */
export interface LoggerState {
  readonly cursor: Cursor;
  /** By step id. */
  readonly steps: ReadonlyMap<string, StepNote>;
  /** The tool that an open input is about, by input id. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The heading of our tools stands above; the results that follow belong to it. */
  readonly underTools: boolean;
  /** Why the attempt was lost whose steps are being dropped just now. */
  readonly lostReason?: string;
}

export type Cursor =
  /** On a fresh line. */
  | { readonly place: 'start' }
  /** On a fresh line below the model's words; a blank line sets off what follows. */
  | { readonly place: 'below_words' }
  /** Behind a bare `🤔 `: a model thinks and has said nothing. */
  | { readonly place: 'mark' }
  /** Behind a line that is not ended yet. */
  | { readonly place: 'line' }
  /** Behind words of `stepId` that may go on; `ended`: their last character was a line feed. */
  | { readonly place: 'words'; readonly stepId: string; readonly voice: Voice; readonly ended: boolean };

/** What a model utters. */
export type Voice = 'text' | 'reasoning' | 'refusal';

export interface StepNote {
  /** The tool of a tool_execution step. */
  readonly tool?: string;
  /** The beginning of what the page shows of this step, to name it if it is dropped. */
  readonly said: string;
  readonly voices: readonly Voice[];
}

/** The state while one event is printed, with the text that the event adds. */
export interface Page extends LoggerState {
  readonly text: string;
}

const MARK = '🤔 ';
const SIGNS: Readonly<Record<Voice, string>> = { text: '', reasoning: '💭 ', refusal: '🚫 ' };
/** Enough for `brief` to see that there is more: a character takes up to two UTF-16 units. */
const KEPT_UNITS = 2 * SHOWN_CHARACTERS + 1;

/** A line of its own. */
export function line(page: Page, text: string): Page {
  return print(page, `${lineBreak(page)}${text}\n`, { place: 'start' });
}

/** A line that opens a new part, below a blank line if the model has just spoken. */
export function heading(page: Page, text: string): Page {
  return line(page.cursor.place === 'below_words' ? print(page, '\n', { place: 'start' }) : page, text);
}

/** A line of its own that the next one ends. */
export function openLine(page: Page, text: string): Page {
  return print(page, `${lineBreak(page)}${text}`, { place: 'line' });
}

/** Ends the line if one is open. */
export function endLine(page: Page): Page {
  return print(page, lineBreak(page), { place: 'start' });
}

/** The model of a step is asked. A mark that is still bare serves again. */
export function mark(page: Page): Page {
  return page.cursor.place === 'mark' ? page : print(page, lineBreak(page) + MARK, { place: 'mark' });
}

/** Words of a step, behind its earlier ones; on a marked line of their own if others wrote in between. */
export function speak(page: Page, stepId: string, voice: Voice, words: string): Page {
  if (words === '') return page;
  const { cursor } = page;
  const goesOn = cursor.place === 'words' && cursor.stepId === stepId && cursor.voice === voice;
  const ready = goesOn ? page : mark(page);
  const behind: Cursor = { place: 'words', stepId, voice, ended: words.endsWith('\n') };
  return print(ready, `${goesOn ? '' : SIGNS[voice]}${words}`, behind);
}

/** Ends the words of a step, if they are what the cursor stands behind. */
export function endWords(page: Page, stepId: string): Page {
  const { cursor } = page;
  if (cursor.place !== 'words' || cursor.stepId !== stepId) return page;
  return print(page, '\n', { place: 'below_words' });
}

export function noteOf(page: LoggerState, stepId: string): StepNote {
  return page.steps.get(stepId) ?? { said: '', voices: [] };
}

export function withNote(page: Page, stepId: string, note: StepNote): Page {
  return { ...page, steps: new Map(page.steps).set(stepId, note) };
}

/** Remembers the beginning of what a step said, and with which voice. */
export function remember(page: Page, stepId: string, words: string, voice?: Voice): Page {
  const note = noteOf(page, stepId);
  const isNewVoice = voice !== undefined && !note.voices.includes(voice);
  if (!isNewVoice && note.said.length >= KEPT_UNITS) return page;
  const said = (note.said + words).slice(0, KEPT_UNITS);
  return withNote(page, stepId, {
    ...note,
    said,
    voices: isNewVoice ? [...note.voices, voice] : note.voices,
  });
}

function print(page: Page, text: string, cursor: Cursor): Page {
  return { ...page, text: page.text + text, cursor };
}

/** The line feed that is missing before a fresh line. */
function lineBreak({ cursor }: Page): string {
  switch (cursor.place) {
    case 'start':
    case 'below_words':
      return '';
    case 'mark':
    case 'line':
      return '\n';
    case 'words':
      return cursor.ended ? '' : '\n';
  }
}
