import { useState } from 'preact/hooks';
import { maxLinkLength, maxTitleLength } from '#api/contract';
import type { Material } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Dialog, DialogActions, Select, showToast, TextField } from '../design/index.ts';
import { fromZoneInput, toZoneInput } from '../quizzes/quizTimes.ts';
import { text } from '../text/index.ts';
import { timeZone } from '../text/timeZone.ts';

interface MaterialDialogProps {
  courseId: string;
  /** The one to edit; without it, a link is added. */
  material?: Material;
  onClose: () => void;
  onDone: () => void;
}

const emptyMaterial = { title: '', url: null, lectureId: null, visibleFrom: null };

function firstForm(material: Material | undefined) {
  const { title, url, lectureId, visibleFrom } = material ?? emptyMaterial;
  return { title, url: url ?? '', lectureId: (lectureId ?? '') as string, visibleFrom: toZoneInput(visibleFrom, timeZone.value) };
}

/** Adds a link, or edits the title, the place and the date of a material. */
export function MaterialDialog({ courseId, material, onClose, onDone }: MaterialDialogProps) {
  const words = text.materials;
  const { data } = useLoaded((signal) => api.listLectures({ params: { courseId } }, { signal }), [courseId]);
  const [form, setForm] = useState(() => firstForm(material));
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const save = useAction(async () => {
    const { videoId = null, atSeconds = null } = material ?? {};
    const place = { lectureId: form.lectureId === '' ? null : form.lectureId, videoId, atSeconds, visibleFrom: fromZoneInput(form.visibleFrom, timeZone.value) };
    const params = { courseId };
    if (material) await api.updateMaterial({ params: { ...params, materialId: material.id }, body: { title: form.title, url: material.url === null ? null : form.url, ...place } });
    else await api.addLink({ params, body: { title: form.title, url: form.url, ...place } });
    showToast({ text: material ? words.saved : words.added });
    onDone();
  });
  const lectures = (data?.lectures ?? []).map(({ id, title }) => ({ value: id, label: title }));
  return (
    <Dialog title={material ? words.edit : words.addLink} onClose={onClose}>
      <ActionForm action={save}>
        <TextField label={words.name} required maxLength={maxTitleLength} value={form.title} error={save.fieldProblem('title')} onValue={(title) => set({ title })} />
        {material && material.url === null ? null : <TextField label={words.link} type="url" dir="ltr" hint={words.linkHint} maxLength={maxLinkLength} value={form.url} error={save.fieldProblem('url')} onValue={(url) => set({ url })} />}
        <Select label={words.lecture} value={form.lectureId} choices={[{ value: '', label: words.wholeCourse }, ...lectures]} error={save.fieldProblem('lectureId')} onValue={(lectureId) => set({ lectureId })} />
        <TextField label={words.visibleFrom} type="datetime-local" hint={words.visibleFromHint} value={form.visibleFrom} error={save.fieldProblem('visibleFrom')} onValue={(visibleFrom) => set({ visibleFrom })} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={save.isBusy}>
            {text.actions.save}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
