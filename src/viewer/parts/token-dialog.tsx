/** Asks for the bearer token when the gateway wants one. */
import { useEffect, useState } from 'preact/hooks';
import type { Credentials } from '../net/credentials.js';
import { Dialog } from './dialog.js';

export function TokenDialog({ credentials }: { credentials: Credentials }) {
  const [question, setQuestion] = useState(credentials.question);
  const [token, setToken] = useState('');
  useEffect(() => credentials.subscribe(() => setQuestion(credentials.question)), [credentials]);
  if (question === 'none') return null;
  return (
    <Dialog title="This gateway asks for a token">
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          credentials.set(token.trim());
          setToken('');
        }}
      >
        {question === 'another_token' ? (
          <p class="field-problem" role="alert">
            The token was refused. Try another one.
          </p>
        ) : null}
        <label for="token">Bearer token</label>
        <input
          id="token"
          type="password"
          autofocus
          autoComplete="off"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <p class="quiet">It stays in this tab and is gone when you close it.</p>
        <div class="buttons">
          <button type="submit" class="primary" disabled={token.trim() === ''}>
            Continue
          </button>
        </div>
      </form>
    </Dialog>
  );
}
