/** What somebody typed as the output of a tool. Pure. */
import type { JsonValue } from '../../events/json.js';

export type TypedOutput = { readonly value: JsonValue } | { readonly problem: string };

export function outputOf(text: string, asJson: boolean): TypedOutput {
  if (!asJson) return { value: text };
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch (thrown) {
    return { problem: `This is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}
