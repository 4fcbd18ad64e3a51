// The items of a conversation in short lines, sorted: what is there, how often, and in no order.

import type OpenAI from 'openai';

export async function itemsOf(openai: OpenAI, conversation: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const item of openai.conversations.items.list(conversation)) lines.push(gist(item));
  return lines.toSorted();
}

/** The type, and what tells an item from others of its type; of an output that was aborted only that it was. */
function gist(item: object): string {
  const { type, role, content, output, approve } = item as Readonly<Record<string, unknown>>;
  if (type === 'message') {
    const parts = content as readonly { readonly text?: string }[];
    return `${String(role)}: ${parts.map(({ text = '' }) => text).join('')}`;
  }
  const said = approve ?? output;
  if (said === undefined || said === null) return String(type);
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  return `${String(type)}: ${text.startsWith('aborted') ? 'aborted' : text}`;
}
