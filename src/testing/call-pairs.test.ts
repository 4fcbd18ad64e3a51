import { describe, expect, test } from 'vitest';
import { checkCallPairs } from './call-pairs.js';

const call = (call_id: string) => ({ type: 'function_call', call_id, name: 'f', arguments: '{}' });
const output = (call_id: string) => ({ type: 'function_call_output', call_id, output: 'x' });

describe('a context', () => {
  test('with an output for every call passes, also when a later response counts its call ids anew', () => {
    expect(() =>
      checkCallPairs([call('0'), call('1'), output('1'), output('0'), call('0'), output('0')]),
    ).not.toThrow();
  });

  test('with an open call is refused by the name of the call', () => {
    expect(() => checkCallPairs([call('a'), call('b'), output('a')])).toThrow(
      'No tool output found for function call b.',
    );
  });

  test('with an output that nobody asked for is refused', () => {
    expect(() => checkCallPairs([output('a')])).toThrow(
      'No tool call found for function call output with call_id a.',
    );
  });

  test('with two outputs for one call is refused', () => {
    expect(() => checkCallPairs([call('a'), output('a'), output('a')])).toThrow('Duplicate tool output');
  });
});
