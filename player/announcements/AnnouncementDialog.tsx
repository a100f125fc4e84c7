import { useState } from 'preact/hooks';
import { maxAnnouncementLength, maxTitleLength } from '#api/contract';
import type { Announcement } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Checkbox, Dialog, DialogActions, showToast, SkeletonList, TextArea, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';

interface AnnouncementDialogProps {
  courseId: string;
  /** The one to edit; without it, a new one is posted. */
  announcement?: Announcement;
  onClose: () => void;
  onDone: () => void;
}

/** Posts an announcement, or edits one: as it is now, which may be newer than the list. */
export function AnnouncementDialog({ courseId, announcement, onClose, onDone }: AnnouncementDialogProps) {
  return (
    <Dialog title={announcement ? text.announcements.editTitle : text.announcements.post} onClose={onClose}>
      {announcement ? <EditForm courseId={courseId} announcementId={announcement.id} onClose={onClose} onDone={onDone} /> : <AnnouncementForm courseId={courseId} onClose={onClose} onDone={onDone} />}
    </Dialog>
  );
}

function EditForm({ announcementId, ...props }: Omit<AnnouncementDialogProps, 'announcement'> & { announcementId: string }) {
  const params = { courseId: props.courseId, announcementId };
  const { data, error, reload } = useLoaded((signal) => api.getAnnouncement({ params }, { signal }), [announcementId]);
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={3} />;
  return <AnnouncementForm {...props} announcement={data} />;
}

function AnnouncementForm({ courseId, announcement, onClose, onDone }: AnnouncementDialogProps) {
  const [form, setForm] = useState({ title: announcement?.title ?? '', text: announcement?.text ?? '', isPinned: announcement?.isPinned ?? false });
  const save = useAction(async () => {
    if (announcement) {
      const { isPinned, ...words } = form;
      await api.updateAnnouncement({ params: { courseId, announcementId: announcement.id }, body: { ...words, ...(isPinned !== announcement.isPinned && { isPinned }) } }, { ifUnchanged: announcement });
    } else await api.postAnnouncement({ params: { courseId }, body: form });
    showToast({ text: announcement ? text.course.saved : text.announcements.posted });
    onDone();
  });
  return (
    <ActionForm action={save}>
      <TextField label={text.announcements.field} required maxLength={maxTitleLength} value={form.title} error={save.fieldProblem('title')} onValue={(title) => setForm({ ...form, title })} />
      <TextArea
        label={text.announcements.text}
        hint={text.announcements.textHint}
        rows={8}
        maxLength={maxAnnouncementLength}
        value={form.text}
        error={save.fieldProblem('text')}
        onValue={(words) => setForm({ ...form, text: words })}
      />
      <Checkbox label={text.announcements.pinField} isChecked={form.isPinned} onChecked={(isPinned) => setForm({ ...form, isPinned })} />
      {save.fieldProblem('isPinned') ? <p class="field__error">{save.fieldProblem('isPinned')}</p> : null}
      <DialogActions>
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button type="submit" variant="primary" isBusy={save.isBusy}>
          {announcement ? text.actions.save : text.announcements.postDo}
        </Button>
      </DialogActions>
    </ActionForm>
  );
}
