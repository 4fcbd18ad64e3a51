/**
 * Shell calls: the commands as JSON that grows while they are written, and what they printed. Commands come
 * first in the JSON, whatever else the action holds, so that what was streamed is the beginning of the whole.
 */
import type { JsonObject, JsonValue } from '../events/index.js';
import { appendArguments } from './arguments.js';
import { replaceItem } from './correlate.js';
import { escaped } from './json-text.js';
import type { HostedResult } from './hosted-result.js';
import { objectOf, objectsOf, textOf, wordsOf } from './json-reader.js';
import { TextAllowance } from './safe-json.js';
import type { Draft, Item } from './state.js';

/** The action as JSON text; null as long as no command is known. */
export function shellArguments(item: JsonObject): string | null {
  const action = objectOf(item['action']);
  if (!action) return null;
  const { commands, ...rest } = action;
  return wordsOf(commands).length > 0 ? JSON.stringify({ commands, ...rest }) : null;
}

/** Says more of the command at `index`; commands that come out of turn are left to the final item. */
export function appendCommand(draft: Draft, item: Item, index: number, text: string): void {
  if (!item.call) return;
  const { command = -1 } = item.call;
  if (index === command) {
    appendArguments(draft, item, escaped(text));
  } else if (index === command + 1 && (index > 0 || item.call.arguments === '')) {
    const opening = index === 0 ? '{"commands":["' : '","';
    const opened = appendArguments(draft, item, opening + escaped(text));
    if (opened.call) replaceItem(draft, { ...opened, call: { ...opened.call, command: index } });
  }
}

/** The end of a command, for servers that stream none of it. */
export function settleCommand(draft: Draft, item: Item, index: number, text: string): void {
  if (item.call && index > (item.call.command ?? -1)) appendCommand(draft, item, index, text);
}

/** The result of a shell that the server runs, from its `shell_call_output`. */
export function shellOutput(item: JsonObject): HostedResult {
  const allowance = new TextAllowance();
  const output = objectsOf(item['output']).map((entry): JsonObject => ({
    stdout: allowance.take(textOf(entry['stdout'])),
    stderr: allowance.take(textOf(entry['stderr'])),
    outcome: outcomeOf(entry['outcome']),
  }));
  return {
    content: { output, ...(allowance.truncated ? { truncated: true } : {}) },
    is_error: item['status'] === 'failed',
    has_result: output.length > 0,
  };
}

function outcomeOf(value: JsonValue | undefined): JsonValue {
  const { type, exit_code } = objectOf(value) ?? {};
  return { type: textOf(type), ...(typeof exit_code === 'number' ? { exit_code } : {}) };
}
