/** The name of an agent: chosen from those that the gateway knows, or typed. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';

interface AgentFieldProps {
  readonly value: string;
  readonly onChange: (agent: string) => void;
}

export function AgentField({ value, onChange }: AgentFieldProps) {
  const agents = useAgents();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [first] = agents;
  // It comes while somebody may be typing: what stands there stays, and what is typed next replaces it.
  useLayoutEffect(() => {
    const input = field.current;
    if (first === undefined || !input || input.value !== '') return;
    input.value = first;
    if (document.activeElement === input) input.select();
    onChange(first);
  }, [first]);
  return (
    <>
      <label for={id}>Agent</label>
      <input
        ref={field}
        id={id}
        required
        autofocus
        autoComplete="off"
        list={`${id}-agents`}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={`${id}-agents`}>
        {agents.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** Names of agents that the gateway was told of, if it was. */
function useAgents(): readonly string[] {
  const { api } = useApp();
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    api.agents(stop.signal).then(
      ({ data }) => setNames(data.map(({ name }) => name)),
      // A gateway that knows no agents has none to offer: the name is typed.
      () => undefined,
    );
    return () => stop.abort();
  }, [api]);
  return names;
}
