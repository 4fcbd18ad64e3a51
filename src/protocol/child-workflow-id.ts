/** Ids of the child workflows that run tools: they name their source, by which readers know their step. */

export function childWorkflowId(turnId: string, source: string): string {
  return `${turnId}/${source}`;
}

/** Empty for children that are none of ours. */
export function sourceOfChild(turnId: string, workflowId: string | null | undefined): string {
  const prefix = `${turnId}/`;
  return workflowId?.startsWith(prefix) ? workflowId.slice(prefix.length) : '';
}
