import { Archive, ArchiveRestore, CopyPlus, Ellipsis, EyeOff, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CourseDetail } from '#api/contract';
import { Menu } from '../../design/index.ts';
import type { MenuItem } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { CourseQuestion } from './CourseQuestion.tsx';
import type { Question } from './CourseQuestion.tsx';
import { DuplicateDialog } from './DuplicateDialog.tsx';
import { useCourseStep } from './useCourseStep.ts';

interface CourseMenuProps {
  course: CourseDetail;
  onCourse: (course: CourseDetail) => void;
}

/** What an owner does with a whole course. */
export function CourseMenu({ course, onCourse }: CourseMenuProps) {
  const [open, setOpen] = useState<Question | 'duplicate'>();
  const step = useCourseStep(course.id, onCourse);
  const close = () => setOpen(undefined);
  const duplicate: MenuItem = { key: 'duplicate', label: text.courses.duplicate, icon: <CopyPlus aria-hidden="true" />, onSelect: () => setOpen('duplicate') };
  const unpublish: MenuItem = { key: 'unpublish', label: text.courses.unpublish, icon: <EyeOff aria-hidden="true" />, onSelect: () => setOpen('unpublish') };
  const archive: MenuItem = { key: 'archive', label: text.courses.archive, icon: <Archive aria-hidden="true" />, onSelect: () => setOpen('archive') };
  const unarchive: MenuItem = { key: 'unarchive', label: text.courses.unarchive, icon: <ArchiveRestore aria-hidden="true" />, onSelect: () => step.run('unarchive') };
  const remove: MenuItem = { key: 'delete', label: text.course.delete, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: () => setOpen('delete') };
  const byState = { draft: [], published: [unpublish, archive], archived: [unarchive] };
  return (
    <>
      <Menu label={text.courses.menu} isIconOnly variant="secondary" trigger={<Ellipsis aria-hidden="true" />} items={[duplicate, ...byState[course.state], remove]} />
      {open === 'duplicate' ? <DuplicateDialog course={course} onClose={close} /> : null}
      {open !== undefined && open !== 'duplicate' ? <CourseQuestion question={open} course={course} onCourse={onCourse} onClose={close} /> : null}
    </>
  );
}
