/** Keeps the outputs of one response within what the next request's activity may be given. Pure. */
import { utf8Bytes } from '../events/bytes.js';
import type { JsonObject } from '../events/json.js';

/** Temporal refuses an activity's input of 2 MB, and then the workflow task would be tried for ever. */
const LIMIT = 1024 * 1024;

/** Each output is within its own bound; where they are too much together the largest ones give way. */
export function withinBounds(items: readonly JsonObject[], limit = LIMIT): readonly JsonObject[] {
  const bounded = [...items];
  const sizes = items.map((item) => utf8Bytes(JSON.stringify(item)));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  while (total > limit) {
    const largest = sizes.indexOf(Math.max(...sizes));
    const item = bounded[largest];
    const size = sizes[largest] ?? 0;
    if (!item || size < 1000) break;
    const output = `The output of ${size} bytes was left out: the outputs of all calls together are too much. Ask for less, or for one at a time.`;
    bounded[largest] = { ...item, output };
    sizes[largest] = utf8Bytes(JSON.stringify(bounded[largest]));
    total += (sizes[largest] ?? 0) - size;
  }
  return bounded;
}
