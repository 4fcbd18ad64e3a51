/** The arguments of every kind of call as one text: what the model wrote, or JSON of what the item holds. */
import type { JsonObject, JsonValue } from '../events/index.js';
import { openPatchArguments, patchArguments } from './apply-patch.js';
import { computerArguments } from './computer.js';
import { objectOf } from './json-reader.js';
import { shellArguments } from './shell.js';

/** The final arguments; null when the item holds none. */
export function argumentsOf(item: JsonObject): string | null {
  switch (item['type']) {
    case 'apply_patch_call':
      return patchArguments(item);
    case 'shell_call':
      return shellArguments(item);
    case 'local_shell_call':
      return objectOf(item['action']) ? argumentsText(item['action']) : null;
    case 'computer_call':
      return computerArguments(item);
    default:
      return firstText([item['arguments'], item['input'], item['code']]);
  }
}

/** What is known when the call opens. Empty braces are how some servers write "nothing yet". */
export function openingArguments(item: JsonObject): string {
  switch (item['type']) {
    case 'apply_patch_call':
      return openPatchArguments(item) ?? '';
    case 'local_shell_call':
    case 'computer_call':
    case 'tool_search_call':
      // Whole or not at all: they are not streamed, and a first draft of them may change.
      return '';
    default: {
      const known = argumentsOf(item) ?? '';
      return known === '{}' ? '' : known;
    }
  }
}

/** Some servers write arguments as an object instead of as JSON text. */
export function argumentsText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function firstText(values: readonly (JsonValue | undefined)[]): string | null {
  return values.map(argumentsText).find((text) => text !== null) ?? null;
}
