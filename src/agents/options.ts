/** What options of every kind are checked for: one that is not known would be ignored without a word. Pure. */

/** Refuses a definition, by its name. */
export type Wrong = (message: string) => never;

/** @param known has the options as its keys */
export function checkKnown(options: object, known: object, maker: string, wrong: Wrong): void {
  const unknown = unknownIn(options, known);
  if (unknown !== undefined)
    wrong(`${unknown} is no option of ${maker}; its options are ${Object.keys(known).join(', ')}`);
}

/** The same for an option that has members of its own. */
export function checkMembers(name: string, given: unknown, known: object, wrong: Wrong): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return wrong(`${name} must be an object`);
  const unknown = unknownIn(given, known);
  if (unknown !== undefined)
    wrong(`${name}.${unknown} is no option; those of ${name} are ${Object.keys(known).join(', ')}`);
}

export function checkOneOf(name: string, given: unknown, allowed: readonly string[], wrong: Wrong): void {
  if (given === undefined || (typeof given === 'string' && allowed.includes(given))) return;
  wrong(`${name} must be one of ${allowed.join(', ')}`);
}

export function checkList(name: string, given: unknown, wrong: Wrong): void {
  if (given !== undefined && !Array.isArray(given)) wrong(`${name} must be a list`);
}

/** @param option that the message names, where what is thrown does not */
export function orWrong<T>(wrong: Wrong, option: string | undefined, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    return wrong(option === undefined ? said : `${option}: ${said}`);
  }
}

function unknownIn(given: object, known: object): string | undefined {
  return Object.keys(given).find((key) => !Object.hasOwn(known, key));
}
