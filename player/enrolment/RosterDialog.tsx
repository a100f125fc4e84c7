import { useEffect, useState } from 'preact/hooks';
import type { RosterImport } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { Button, Dialog, DialogActions, Notice, TextArea } from '../design/index.ts';
import { text } from '../text/index.ts';
import './enrolment.css';
import { FileField } from './FileField.tsx';
import { RosterPreview } from './RosterPreview.tsx';
import { RosterProblems } from './RosterProblems.tsx';

/** How often the page looks how far a list is applied. */
const progressMs = 700;

interface RosterDialogProps {
  courseId: string;
  onApplied: () => void;
  onClose: () => void;
}

/** Adds a list of people in three steps: choose it, see what it would do, watch it being done. */
export function RosterDialog({ courseId, onApplied, onClose }: RosterDialogProps) {
  const [roster, setRoster] = useState<RosterImport>();
  return (
    <Dialog title={text.enrolment.uploadTitle} onClose={onClose}>
      <div class="roster">
        {roster === undefined ? <ChooseList courseId={courseId} onRead={setRoster} onClose={onClose} /> : null}
        {roster?.state === 'previewed' ? <CheckList courseId={courseId} roster={roster} onRoster={setRoster} /> : null}
        {roster && roster.state !== 'previewed' ? <WatchList courseId={courseId} roster={roster} onRoster={setRoster} onApplied={onApplied} onClose={onClose} /> : null}
      </div>
    </Dialog>
  );
}

function ChooseList({ courseId, onRead, onClose }: { courseId: string; onRead: (roster: RosterImport) => void; onClose: () => void }) {
  const [file, setFile] = useState<File>();
  const [pasted, setPasted] = useState('');
  const read = useAction(async () => {
    onRead(await api.previewRoster({ params: { courseId }, body: file ?? new Blob([pasted]) }));
  });
  return (
    <ActionForm action={read}>
      <FileField label={text.enrolment.file} hint={text.enrolment.fileHint} accept=".csv,.tsv,.txt,text/csv,text/plain" file={file} onFile={setFile} />
      {file ? null : <TextArea label={text.enrolment.paste} hint={text.enrolment.pasteHint} value={pasted} onValue={setPasted} />}
      <DialogActions>
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button type="submit" variant="primary" isBusy={read.isBusy} disabled={!file && pasted.trim() === ''}>
          {text.enrolment.preview}
        </Button>
      </DialogActions>
    </ActionForm>
  );
}

interface StepProps {
  courseId: string;
  roster: RosterImport;
  onRoster: (roster: RosterImport | undefined) => void;
}

function CheckList({ courseId, roster, onRoster }: StepProps) {
  const usable = roster.progress.total;
  const apply = useToastedAction(async () => onRoster(await api.applyRoster({ params: { courseId, importId: roster.id } })));
  return (
    <div class="stack">
      <RosterPreview roster={roster} />
      <DialogActions>
        <Button onClick={() => onRoster(undefined)}>{text.enrolment.otherFile}</Button>
        {usable > 0 ? (
          <Button variant="primary" isBusy={apply.isBusy} onClick={() => apply.run()}>
            {text.enrolment.apply(usable)}
          </Button>
        ) : null}
      </DialogActions>
    </div>
  );
}

function WatchList({ courseId, roster, onRoster, onApplied, onClose }: StepProps & Pick<RosterDialogProps, 'onApplied' | 'onClose'>) {
  const isDone = roster.state === 'applied';
  useEffect(() => {
    if (isDone) {
      onApplied();
      return;
    }
    const stop = new AbortController();
    const look = setInterval(() => {
      // A look that fails is followed by the next one.
      api.getRoster({ params: { courseId, importId: roster.id } }, { signal: stop.signal }).then(onRoster, () => undefined);
    }, progressMs);
    return () => {
      clearInterval(look);
      stop.abort();
    };
  }, [isDone, roster.id]);
  const { done, total } = roster.progress;
  if (isDone) return <ListResult roster={roster} onClose={onClose} />;
  return (
    <div class="stack" role="status">
      <p>{text.enrolment.applying}</p>
      <progress class="roster__progress" value={done} max={Math.max(total, 1)} aria-label={text.enrolment.applying} />
      <p class="small quiet tabular">{text.enrolment.appliedSoFar(done, total)}</p>
      <p class="small quiet">{text.enrolment.applyingHint}</p>
    </div>
  );
}

function ListResult({ roster, onClose }: { roster: RosterImport; onClose: () => void }) {
  const kinds = ['added', 'waiting', 'alreadyIn', 'invited', 'problems'] as const;
  return (
    <div class="stack">
      <Notice tone="good">{text.enrolment.appliedTitle}</Notice>
      <ul class="roster__counts tabular">
        {kinds.filter((kind) => roster.result[kind] > 0).map((kind) => (
          <li key={kind}>{text.enrolment.results[kind](roster.result[kind])}</li>
        ))}
      </ul>
      <RosterProblems problems={roster.problems} count={roster.result.problems} />
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          {text.enrolment.done}
        </Button>
      </DialogActions>
    </div>
  );
}
