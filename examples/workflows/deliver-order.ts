/** The workflow of 05-long-tool: it waits until somebody has signed. */
import { condition, defineSignal, setHandler } from '@temporalio/workflow';

const signedSignal = defineSignal<[string]>('signed');

export async function deliverOrder({ order }: { readonly order: number }): Promise<string> {
  let signedBy: string | undefined;
  setHandler(signedSignal, (name) => {
    signedBy = name;
  });
  await condition(() => signedBy !== undefined);
  return `Order ${order} was signed for by ${signedBy}.`;
}
