/** Pages of a list, and the list as a whole. */

export interface Page<T> {
  /** At most `limit`; fewer, even none, may come while there is a next page. */
  readonly data: readonly T[];
  /** Pass it as `page` with the same filter. Absent on the last page. */
  readonly next_page?: string;
}

/** `await` gives one page; `for await` gives the members of all pages from there on. */
export type Listing<T> = Promise<Page<T>> & AsyncIterable<T>;

/**
 * Reads the first page at once. A member that moves while the pages are read may come twice to those who read them
 * one by one; `for await` gives it once.
 */
export function listing<T>(
  read: (page: string | undefined) => Promise<Page<T>>,
  idOf: (member: T) => string,
): Listing<T> {
  const first = read(undefined);
  const all = async function* (): AsyncGenerator<T> {
    const told = new Set<string>();
    for (let page = await first; ; page = await read(page.next_page)) {
      for (const member of page.data) {
        if (told.has(idOf(member))) continue;
        told.add(idOf(member));
        yield member;
      }
      if (page.next_page === undefined) return;
    }
  };
  return Object.assign(first, { [Symbol.asyncIterator]: all });
}
