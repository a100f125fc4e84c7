import { Check, Copy } from 'lucide-preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { text } from '../text/index.ts';
import { IconButton } from './Button.tsx';
import { showToast } from './Toast.tsx';
import './Field.css';

const shownMs = 2000;

/** A read-only value with a copy button. */
export function CopyField({ label, value, hint }: { label: string; value: string; hint?: string }) {
  const id = useId();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      showToast({ text: text.copy.failed, tone: 'danger' });
    }
  }

  return (
    <div class="field">
      <span class="field__label" id={id}>
        {label}
      </span>
      <div class="copy" role="group" aria-labelledby={id}>
        <span class="copy__value">{value}</span>
        <IconButton label={isCopied ? text.copy.done : text.copy.of(label)} variant="secondary" onClick={() => void copy()}>
          {isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        </IconButton>
      </div>
      {hint ? <span class="field__hint">{hint}</span> : null}
      <span class="unseen" role="status">
        {isCopied ? text.copy.done : ''}
      </span>
    </div>
  );
}
