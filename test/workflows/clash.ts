// A user's workflow under the name of ours: a worker must not silently have neither.

export async function agentTurn(): Promise<string> {
  return Promise.resolve('mine');
}
