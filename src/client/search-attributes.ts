/** Whether the namespace knows our search attributes, asked once per client; and how to make them known. */
import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { searchAttributePairs, SEARCH_ATTRIBUTES } from '../protocol/search-attributes.js';
import type { SearchFacts } from '../protocol/search-attributes.js';
import type { SearchAttributePair } from '@temporalio/common';

/** temporal.api.enums.v1.IndexedValueType */
const KEYWORD = 2;
const ASK_MS = 3_000;
const INVALID_ARGUMENT = 3;
/** A server that is away may answer next time; what else it says, a missing permission say, stays so. */
const PASSING: readonly number[] = [1, 4, 8, 14];

const asked = new WeakMap<Client, Promise<boolean>>();

/** Whether turns can be searched by attributes here. Never throws: without them the memo is there. */
export async function hasSearchAttributes(client: Client): Promise<boolean> {
  const before = asked.get(client);
  if (before) return before;
  const answer = missingAttributes(client).then(
    (missing) => missing.length === 0,
    (error: unknown) => {
      if (isGrpcServiceError(error) && PASSING.includes(error.code)) asked.delete(client);
      return false;
    },
  );
  asked.set(client, answer);
  return answer;
}

/**
 * Starts something with the search attributes that it can have. They may have been removed since the client asked:
 * then it is started without.
 */
export async function withSearchAttributes<T>(
  client: Client,
  facts: SearchFacts,
  start: (typedSearchAttributes: SearchAttributePair[]) => Promise<T>,
): Promise<T> {
  if (!(await hasSearchAttributes(client))) return start([]);
  try {
    return await start(searchAttributePairs(facts));
  } catch (error) {
    if (!isAboutSearchAttributes(error)) throw error;
    asked.set(client, Promise.resolve(false));
    return start([]);
  }
}

/**
 * Registers the search attributes by which turns and sessions are found, in the client's namespace. Clients ask for
 * them once: those that run already use them after their next start.
 * @returns the names that were registered now; none when all were there.
 * @throws Error when one is registered with another type, and the server's errors: Temporal Cloud wants them made
 * by its own tools.
 */
export async function registerSearchAttributes(client: Client): Promise<readonly string[]> {
  const missing = await missingAttributes(client);
  if (missing.length > 0) {
    await client.connection.operatorService.addSearchAttributes({
      namespace: client.options.namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  }
  asked.delete(client);
  return missing;
}

async function missingAttributes(client: Client): Promise<readonly string[]> {
  const { namespace } = client.options;
  const { customAttributes } = await client.connection.withDeadline(Date.now() + ASK_MS, () =>
    client.connection.operatorService.listSearchAttributes({ namespace }),
  );
  for (const name of SEARCH_ATTRIBUTES) {
    const type = customAttributes?.[name];
    if (type !== undefined && !isKeywordType(type))
      throw new Error(
        `The search attribute ${name} is registered with another type than Keyword. Remove it.`,
      );
  }
  return SEARCH_ATTRIBUTES.filter((name) => customAttributes?.[name] === undefined);
}

/** An enum comes as its number or as its name, as the connection decodes it. */
function isKeywordType(type: number | string): boolean {
  return type === KEYWORD || type === 'INDEXED_VALUE_TYPE_KEYWORD';
}

function isAboutSearchAttributes(error: unknown): boolean {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  if (!isGrpcServiceError(cause)) return false;
  const code: number = cause.code;
  return code === INVALID_ARGUMENT && /search attribute/i.test(cause.message);
}
