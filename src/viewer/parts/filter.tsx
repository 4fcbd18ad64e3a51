/** The fields above a list. */
import { useEffect, useId, useState } from 'preact/hooks';

interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function FilterSelect({
  label,
  value,
  choices,
  onChange,
}: FilterProps & { readonly choices: readonly (readonly [string, string])[] }) {
  const id = useId();
  return (
    <div class="filter">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">any</option>
        {choices.map(([choice, word]) => (
          <option key={choice} value={choice}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Asks when the field is left or Enter is pressed, not with each letter. */
export function FilterText({ label, value, onChange }: FilterProps) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <form
      class="filter"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed.trim());
      }}
    >
      <label for={id}>{label}</label>
      <input
        id={id}
        type="search"
        placeholder="any"
        data-filter
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={() => onChange(typed.trim())}
      />
    </form>
  );
}
