/** Raw Responses stream events to turn events: pure, no clock, no ids, no I/O. */
export { advance, interrupt } from './synthesizer.js';
export { openSteps, startedSteps, startResponse } from './state.js';
export type { SynthesizerOptions, SynthesizerState } from './state.js';
export { outcome } from './outcome.js';
export type { ResponseOutcome, SynthesizedCall } from './outcome.js';
export { isHopelessCode, isPassingCode, isPassingStatus } from './passing-errors.js';
