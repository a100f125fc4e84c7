import { signal } from '@preact/signals';
import { X } from 'lucide-preact';
import { text } from '../text/index.ts';
import { Button, IconButton } from './Button.tsx';
import './Toast.css';

export interface Toast {
  text: string;
  tone?: 'normal' | 'danger';
  /** What takes back what was done. The toast closes with it. */
  action?: { label: string; onSelect: () => void };
}

const shownMs = 6000;
const maxToasts = 3;
const toasts = signal<readonly (Toast & { id: number })[]>([]);
let lastId = 0;

/** Shows a short message for a few seconds. Use a Dialog for a question, and a Notice for a lasting problem. */
export function showToast(toast: Toast): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value.slice(1 - maxToasts), { ...toast, id }];
  setTimeout(() => dismiss(id), shownMs);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** The container of the toasts; once per page. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone === 'danger' ? 'toast--danger' : ''}`}>
          <span class="grow">{toast.text}</span>
          {toast.action ? <ToastAction {...toast.action} onDone={() => dismiss(toast.id)} /> : null}
          <IconButton label={text.actions.close} onClick={() => dismiss(toast.id)}>
            <X aria-hidden="true" />
          </IconButton>
        </div>
      ))}
    </div>
  );
}

function ToastAction({ label, onSelect, onDone }: { label: string; onSelect: () => void; onDone: () => void }) {
  const select = () => {
    onDone();
    onSelect();
  };
  return (
    <Button variant="quiet" class="toast__action" onClick={select}>
      {label}
    </Button>
  );
}
