/**
 * What stands within a block of text: code, emphasis and links. Links lead to http, https and mailto only; a
 * model may write anything. Every pattern is bounded, so that no text takes long to read.
 */

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] };

const CODE = /`([^`\n]{1,2000})`/.source;
const STRONG = /\*\*(?=\S)([^*\n]{1,2000})\*\*/.source;
const EM = /(?<![\w*])\*(?=[^\s*])([^*\n]{1,1000})\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_\n]{1,1000})_(?![\w_])/
  .source;
const LINK = /\[([^[\]\n]{1,500})\]\(((?:https?:\/\/|mailto:)[^\s()]{1,2000})\)/.source;
// The full stop behind an address ends the sentence.
const ADDRESS = /(https?:\/\/[^\s<>()[\]"'`]{0,2000}[^\s<>()[\]"'`.,;:!?])/.source;

export function inlinesOf(text: string): readonly Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp([CODE, STRONG, EM, LINK, ADDRESS].join('|'), 'g'))) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) });
    found.push(inlineOf(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}

function inlineOf(match: RegExpExecArray): Inline {
  const [whole, code, strong, starred, underlined, label, target, address] = match;
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', children: inlinesOf(strong) };
  const em = starred ?? underlined;
  if (em !== undefined) return { kind: 'em', children: inlinesOf(em) };
  if (label !== undefined && target !== undefined) {
    return { kind: 'link', href: target, children: [{ kind: 'text', text: label }] };
  }
  if (address !== undefined) {
    return { kind: 'link', href: address, children: [{ kind: 'text', text: address }] };
  }
  return { kind: 'text', text: whole };
}
