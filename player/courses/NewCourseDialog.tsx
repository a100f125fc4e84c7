import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ActionForm } from '../app/ActionForm.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Dialog, DialogActions } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { CourseForm } from './CourseFields.tsx';
import { CourseFields } from './CourseFields.tsx';

export function NewCourseDialog({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const [form, setForm] = useState<CourseForm>({ title: '', description: '', enrolmentPolicy: 'code' });
  const create = useAction(async () => {
    const course = await api.createCourse({ body: form });
    route(paths.course(course.id));
  });
  return (
    <Dialog title={text.home.createCourse} onClose={onClose}>
      <ActionForm action={create}>
        <CourseFields value={form} action={create} onValue={setForm} />
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
