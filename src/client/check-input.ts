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
