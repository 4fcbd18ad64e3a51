/** The checks of the protocol, with the client's own error. */
import { InvalidTurnInputError } from './errors.js';

/** @throws InvalidTurnInputError for whatever the check throws */
export function orInvalidInput<T>(check: () => T): T {
  try {
    return check();
  } catch (failure) {
    throw new InvalidTurnInputError(failure instanceof Error ? failure.message : String(failure), {
      cause: failure,
    });
  }
}

/**
 * TypeScript lets an option through that is not known when it comes in a variable, and JavaScript any.
 * @throws InvalidTurnInputError
 */
export function checkOptions<T extends object>(
  method: string,
  options: T,
  known: Readonly<Record<keyof T, true>>,
): void {
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(known, key));
  if (unknown === undefined) return;
  throw new InvalidTurnInputError(
    `${unknown} is no option of ${method}; its options are ${Object.keys(known).join(', ')}.`,
  );
}
