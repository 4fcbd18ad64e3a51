/** Copies a text, and says so. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { Icon } from './icon.js';

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { announce } = useApp();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    // Others than https and localhost have no clipboard.
    const done =
      isSecureContext &&
      (await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      ));
    setCopied(done);
    announce(done ? 'Copied.' : 'The browser did not allow copying.');
  };
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={label}
      title={label}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}
