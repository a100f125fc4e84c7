import { Upload } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import { background } from '../app/background.ts';
import { Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { acceptedTypes, chooseFiles, chosenOf } from './chooseFiles.ts';
import { uploads } from './uploads.ts';
import type { ChosenFile } from './UploadQueue.ts';
import { useDrop } from './useDrop.ts';
import './uploads.css';

/** The largest file of the server, in bytes and in words. It may allow less to a person. */
export const maxFileBytes = 50 * 2 ** 30;
const maxFileSize = '50 GB';

/** Adds files to the queue, and says which cannot be uploaded at all. */
export function addToQueue(chosen: readonly ChosenFile[], target: { courseId: string; replaces?: string }): void {
  const problems = chosen.map(({ file }) => problemOf(file)).filter((problem) => problem !== undefined);
  if (problems[0] !== undefined) showToast({ text: problems[0], tone: 'danger' });
  uploads.peek()?.queue.add(chosen.filter(({ file }) => problemOf(file) === undefined), target);
}

function problemOf({ name, size }: File): string | undefined {
  if (size === 0) return text.uploads.empty(name);
  return size > maxFileBytes ? text.uploads.tooLarge(name, maxFileSize) : undefined;
}

/** Where files are dropped or chosen for a course. */
export function UploadZone({ courseId }: { courseId: string }) {
  const zone = useRef<HTMLDivElement>(null);
  const add = (files: readonly ChosenFile[]) => addToQueue(files, { courseId });
  const isOver = useDrop(zone, add);
  return (
    <div ref={zone} class={`upload-zone ${isOver ? 'upload-zone--over' : ''}`}>
      <Upload aria-hidden="true" size={28} />
      <p class="upload-zone__title">{isOver ? text.uploads.dropNow : text.uploads.drop}</p>
      <Button variant="primary" size="large" onClick={() => background(chooseFiles({ isMultiple: true }).then(add))}>
        {text.uploads.choose}
      </Button>
      <p class="small quiet">{text.uploads.hint(maxFileSize)}</p>
      <FileInput onFiles={add} />
    </div>
  );
}

/** For programs that fill in forms; people use the button. */
export function FileInput({ onFiles }: { onFiles: (files: readonly ChosenFile[]) => void }) {
  return (
    <input
      class="unseen"
      type="file"
      multiple
      tabIndex={-1}
      aria-label={text.uploads.choose}
      accept={acceptedTypes}
      onChange={(event) => {
        onFiles([...(event.currentTarget.files ?? [])].map((file) => chosenOf(file)));
        // The same file can be chosen again.
        event.currentTarget.value = '';
      }}
    />
  );
}
