import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ActionForm } from '../app/ActionForm.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Checkbox, Dialog, DialogActions } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { CourseForm } from './CourseFields.tsx';
import { CourseFields } from './CourseFields.tsx';
import { CategorySelect } from './settings/CategorySelect.tsx';
import { deviceTimeZone } from './settings/choices.ts';

export function NewCourseDialog({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const [form, setForm] = useState<CourseForm>({ title: '', description: '', enrolmentPolicy: 'code' });
  const [categoryId, setCategoryId] = useState<string | null>(null);
  const [isPublished, setPublished] = useState(true);
  const create = useAction(async () => {
    const course = await api.createCourse({ body: { ...form, categoryId, timeZone: deviceTimeZone(), state: isPublished ? 'published' : 'draft' } });
    onClose();
    route(paths.course(course.id));
  });
  return (
    <Dialog title={text.home.createCourse} onClose={onClose}>
      <ActionForm action={create}>
        <CourseFields value={form} action={create} isNew onValue={setForm} />
        <CategorySelect value={categoryId} error={create.fieldProblem('categoryId')} onValue={setCategoryId} />
        <Checkbox label={text.courses.publishNow} hint={text.courses.publishNowHint} isChecked={isPublished} onChecked={setPublished} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={create.isBusy}>
            {text.home.create}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
