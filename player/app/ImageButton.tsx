import { useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { imageTypes } from '#api/contract';
import { Button } from '../design/index.ts';

/** A button that lets the person choose an image of the device. `label` names the field for screen readers. */
export function ImageButton({ label, isBusy, onFile, children }: { label: string; isBusy?: boolean; onFile: (file: File) => void; children: ComponentChildren }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button isBusy={isBusy} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-label={label}
        accept={imageTypes.join(',')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file can be chosen again.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}
