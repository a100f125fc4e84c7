import { useId } from 'preact/hooks';

interface FileFieldProps {
  label: string;
  hint: string;
  accept: string;
  file: File | undefined;
  onFile: (file: File | undefined) => void;
}

/** Chooses a file of the device. */
export function FileField({ label, hint, accept, file, onFile }: FileFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      <input id={id} class="field__input file-input" type="file" accept={accept} aria-describedby={`${id}-hint`} onChange={(event) => onFile(event.currentTarget.files?.[0] ?? undefined)} />
      {file ? null : (
        <span class="field__hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
