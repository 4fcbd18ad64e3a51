/** The activity of the workflow that is written by hand: asks the model, and gives its text. */
import OpenAI from 'openai';

export function ask(baseURL: string) {
  const client = new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 });
  return async (prompt: string): Promise<string> => {
    const stream = await client.responses.create({ model: 'scripted', input: prompt, stream: true });
    let text = '';
    for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
    return text;
  };
}
