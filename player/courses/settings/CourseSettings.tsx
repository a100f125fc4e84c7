import { useState } from 'preact/hooks';
import { ApiError, ClipsBy } from '#api/contract';
import type { CourseDetail } from '#api/contract';
import { ActionForm } from '../../app/ActionForm.tsx';
import { api } from '../../app/services.ts';
import { useAction } from '../../app/useAction.ts';
import { Button, Select, showToast } from '../../design/index.ts';
import { AdmissionForm } from '../../enrolment/AdmissionForm.tsx';
import { RetentionForm } from '../../retention/RetentionForm.tsx';
import { text } from '../../text/index.ts';
import { CourseFields } from '../CourseFields.tsx';
import { CategorySelect } from './CategorySelect.tsx';
import { languageChoices, timeZoneChoices } from './choices.ts';
import { CoverField } from './CoverField.tsx';
import { DangerZone } from './DangerZone.tsx';
import './settings.css';
import { TagField } from './TagField.tsx';
import { TermFields } from './TermFields.tsx';
import { termOf } from './termOf.ts';

interface CourseSettingsProps {
  course: CourseDetail;
  onCourse: (course: CourseDetail) => void;
}

/** What the owner sets in a course. An archived one can only leave the archive or be deleted. */
export function CourseSettings({ course, onCourse }: CourseSettingsProps) {
  return (
    <div class="course-body settings">
      {course.state === 'archived' ? null : (
        <>
          <SettingsForm course={course} onCourse={onCourse} />
          <CoverField course={course} onCourse={onCourse} />
          <AdmissionForm courseId={course.id} />
          <RetentionForm courseId={course.id} />
        </>
      )}
      <DangerZone course={course} onCourse={onCourse} />
    </div>
  );
}

function formOf({ title, description, enrolmentPolicy, category, tags, timeZone, language, term, clipsBy }: CourseDetail) {
  return { title, description, enrolmentPolicy, categoryId: category?.id ?? null as string | null, tags, timeZone, language: language ?? '', term: term ?? { startsOn: '', endsOn: '' }, clipsBy };
}

function clipChoices() {
  return ClipsBy.options.map((value) => ({ value, label: text.clips.whoChoices[value] }));
}

function SettingsForm({ course, onCourse }: CourseSettingsProps) {
  const [form, setForm] = useState(() => formOf(course));
  const change = (part: Partial<typeof form>) => setForm((now) => ({ ...now, ...part }));
  const isChanged = JSON.stringify(form) !== JSON.stringify(formOf(course));
  const save = useAction(async () => {
    const body = { ...form, language: form.language === '' ? null : form.language, term: termOf(form.term) };
    const saved = await api.updateCourse({ params: { courseId: course.id }, body }, { ifUnchanged: course }).catch(async (error: unknown) => {
      // The form keeps what was typed, and the next save starts from what somebody else has saved.
      if (error instanceof ApiError && error.code === 'version.changed') onCourse(await api.getCourse({ params: { courseId: course.id } }));
      throw error;
    });
    onCourse(saved);
    setForm(formOf(saved));
    showToast({ text: text.course.saved });
  });
  return (
    <ActionForm action={save} class="settings">
      <section class="section">
        <h2>{text.courses.general}</h2>
        <CourseFields value={form} action={save} onValue={change} />
        <Select label={text.courses.language} value={form.language} choices={languageChoices(form.language || null)} error={save.fieldProblem('language')} onValue={(language) => change({ language })} />
        <Select label={text.clips.who} value={form.clipsBy} choices={clipChoices()} error={save.fieldProblem('clipsBy')} onValue={(clipsBy) => change({ clipsBy: ClipsBy.parse(clipsBy) })} />
      </section>
      <section class="section">
        <h2>{text.courses.sorting}</h2>
        <CategorySelect value={form.categoryId} error={save.fieldProblem('categoryId')} onValue={(categoryId) => change({ categoryId })} />
        <TagField tags={form.tags} error={save.fieldProblem('tags')} onTags={(tags) => change({ tags })} />
      </section>
      <section class="section">
        <h2>{text.courses.schedule}</h2>
        <TermFields value={form.term} problemOf={save.fieldProblem} onValue={(term) => change({ term })} />
        <Select
          label={text.courses.timeZone}
          hint={text.courses.timeZoneHint}
          value={form.timeZone}
          choices={timeZoneChoices(form.timeZone)}
          error={save.fieldProblem('timeZone')}
          onValue={(timeZone) => change({ timeZone })}
        />
      </section>
      <div class="settings__save">
        <Button type="submit" variant="primary" isBusy={save.isBusy} disabled={!isChanged}>
          {text.course.save}
        </Button>
        <span class="small quiet" role="status">
          {isChanged ? text.courses.unsaved : ''}
        </span>
      </div>
    </ActionForm>
  );
}
