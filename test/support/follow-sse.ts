// The events of a turn through a gateway, as a client in any language reads them.

/** Reads to the end of the stream. */
export async function eventsThrough(url: string, turnId: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/turns/${encodeURIComponent(turnId)}/events`, { headers });
  const text = await response.text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(
    ([, data = '']) => JSON.parse(data) as { readonly type?: string },
  );
}

export function startThrough(
  url: string,
  turn: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(turn),
  });
}
