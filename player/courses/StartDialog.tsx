import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Checkbox, Dialog, DialogActions, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';

interface StartDialogProps {
  courseId: string;
  onClose: () => void;
  onStarted: (lecture: LectureView) => void;
}

/** Creates a lecture without a date and opens the studio, where the instructor goes live. */
export function StartDialog({ courseId, onClose, onStarted }: StartDialogProps) {
  const [title, setTitle] = useState('');
  const [isRecorded, setRecorded] = useState(true);
  const start = useAction(async () => onStarted(await api.scheduleLecture({ params: { courseId }, body: { title, isRecorded } })));
  return (
    <Dialog title={text.course.goLive} onClose={onClose}>
      <ActionForm action={start}>
        <TextField
          label={text.course.lectureTitle}
          hint={text.course.lectureTitleHint}
          autofocus
          required
          value={title}
          error={start.fieldProblem('title')}
          onValue={setTitle}
        />
        <Checkbox label={text.course.recorded} hint={text.course.recordedHint} isChecked={isRecorded} onChecked={setRecorded} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={start.isBusy}>
            {text.course.openStudio}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
