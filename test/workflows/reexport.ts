// A user who hands on our workflow with his own: it is the same one, so nothing clashes.

export { agentTurn } from '../../src/workflows/index.js';

export async function greet(): Promise<string> {
  return Promise.resolve('hello');
}
