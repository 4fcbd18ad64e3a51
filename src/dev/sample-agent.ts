/** The agent of `durable-turns dev`: one tool that answers at once, and one that somebody has to approve. */
import { defineAgent, defineTool } from '../index.js';
import type { Agent } from '../index.js';
import type { Schema } from '../agents/schema.js';

export function sampleAgent(model: string): Agent {
  return defineAgent({
    name: 'assistant',
    model,
    instructions: 'You are a helpful assistant. Answer in a few sentences.',
    tools: [currentTime, sendMail],
  });
}

const currentTime = defineTool({
  name: 'current_time',
  description: 'The current date and time in a time zone.',
  parameters: texts({ time_zone: 'An IANA name, as "Europe/Paris"' }, ({ time_zone }) => {
    if (!isTimeZone(time_zone)) return 'time_zone: use an IANA name, such as Europe/Paris';
  }),
  execute: ({ time_zone }) => new Date().toLocaleString('en-GB', { timeZone: time_zone }),
});

const sendMail = defineTool({
  name: 'send_mail',
  description: 'Sends a mail. Somebody has to approve it.',
  parameters: texts({ to: 'An address', text: 'What the mail says' }),
  needsApproval: true,
  // This is a sample: nothing leaves the machine.
  execute: ({ to }) => `The mail to ${to} would be sent now.`,
});

/** An object of strings as a Standard Schema: the package itself depends on no schema library. */
function texts<Name extends string>(
  fields: Readonly<Record<Name, string>>,
  problemOf: (value: Readonly<Record<Name, string>>) => string | undefined = () => undefined,
): Schema<Readonly<Record<Name, string>>> {
  const names = Object.keys(fields) as Name[];
  const isFilled = (value: unknown): value is Readonly<Record<Name, string>> =>
    names.every((name) => typeof Object(value)[name] === 'string');
  return {
    '~standard': {
      version: 1,
      vendor: 'durable-turns',
      validate: (value) => {
        if (!isFilled(value)) return { issues: [{ message: `must have the strings ${names.join(', ')}` }] };
        const message = problemOf(value);
        return message === undefined ? { value } : { issues: [{ message }] };
      },
      jsonSchema: {
        input: () => ({
          type: 'object',
          properties: Object.fromEntries(
            names.map((name) => [name, { type: 'string', description: fields[name] }]),
          ),
          required: names,
          additionalProperties: false,
        }),
      },
    },
  };
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
