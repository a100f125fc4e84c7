import { useId, useState } from 'preact/hooks';
import { api } from '../../app/services.ts';
import { useAction } from '../../app/useAction.ts';
import { Button, Dialog, DialogActions, Notice, showToast, TextField } from '../../design/index.ts';
import { text } from '../../text/index.ts';

interface AddCaptionsProps {
  videoId: string;
  onAdded: (captionId: string) => void;
  onClose: () => void;
}

/** Adds captions in a language, from a file or without any line yet. */
export function AddCaptionsDialog({ videoId, onAdded, onClose }: AddCaptionsProps) {
  const id = useId();
  const [language, setLanguage] = useState<string>(text.locale);
  const [file, setFile] = useState<File>();
  const add = useAction(async () => {
    const { captions, imported } = await api.addCaptions({ params: { videoId }, query: { language }, body: file ?? new Blob([]) });
    if (imported && imported.skippedCount > 0) showToast({ text: text.editor.skipped(imported.skippedCount), tone: 'danger' });
    onAdded(captions.id);
    onClose();
  });
  return (
    <Dialog title={text.editor.addCaptions} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add.run();
        }}
      >
        <TextField label={text.editor.language} hint={text.editor.languageHint} value={language} onValue={setLanguage} error={add.fieldProblem('language')} required />
        <div class="stack-tight">
          <label for={id}>{text.editor.captionsFile}</label>
          <input id={id} type="file" accept=".vtt,.srt,text/vtt" onChange={(event) => setFile(event.currentTarget.files?.[0])} />
          <span class="small quiet">{text.editor.captionsFileHint}</span>
        </div>
        {add.problem ? <Notice tone="danger">{add.problem}</Notice> : null}
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button variant="primary" type="submit" isBusy={add.isBusy}>{text.editor.addCaptions}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
