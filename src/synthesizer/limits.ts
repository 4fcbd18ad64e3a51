/** The bytes of text that one hosted tool's result may bring into a step; the model has seen all of it. */
export const HOSTED_TEXT_BYTES = 32 * 1024;
