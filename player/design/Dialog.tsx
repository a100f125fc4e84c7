import { X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { text } from '../text/index.ts';
import type { ButtonVariant } from './Button.tsx';
import { Button, IconButton } from './Button.tsx';
import './Dialog.css';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** A click beside the dialog does not close it: what it shows is not shown again. */
  isKept?: boolean;
  children: ComponentChildren;
}

/** A modal dialog, open while it is mounted. The browser traps the focus and restores it afterwards. */
export function Dialog({ title, onClose, isKept, children }: DialogProps) {
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !isKept) onClose();
      }}
    >
      <div class="dialog__inside">
        <div class="dialog__head">
          <h2 id={titleId}>{title}</h2>
          <IconButton label={text.actions.close} onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        </div>
        {children}
      </div>
    </dialog>
  );
}

export function DialogActions({ children }: { children: ComponentChildren }) {
  return <div class="dialog__actions">{children}</div>;
}

interface ConfirmProps {
  title: string;
  message: ComponentChildren;
  /** What is chosen before it is confirmed. */
  more?: ComponentChildren;
  confirmLabel: string;
  variant?: ButtonVariant;
  isBusy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks for confirmation of something that cannot be undone. Cancel has the focus. */
export function ConfirmDialog({ title, message, more, confirmLabel, variant = 'danger', isBusy, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{message}</p>
      {more}
      <DialogActions>
        <Button autofocus onClick={onClose}>
          {text.actions.cancel}
        </Button>
        <Button variant={variant} isBusy={isBusy} onClick={onConfirm}>
          {confirmLabel}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
