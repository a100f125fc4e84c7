import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { CourseDetail } from '#api/contract';
import { courseTrashDays } from '#api/contract';
import { Button } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { CourseQuestion } from '../frame/CourseQuestion.tsx';
import { OwnershipRow } from '../ownership/OwnershipRow.tsx';
import type { Question } from '../frame/CourseQuestion.tsx';
import { useCourseStep } from '../frame/useCourseStep.ts';
import './settings.css';

/** What takes a course from its students. */
export function DangerZone({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const [question, setQuestion] = useState<Question>();
  const step = useCourseStep(course.id, onCourse);
  return (
    <section class="section">
      <h2>{text.courses.danger}</h2>
      <div class="danger">
        {course.state === 'published' ? (
          <>
            <Row label={text.courses.unpublish} hint={text.courses.unpublishHint}>
              <Button onClick={() => setQuestion('unpublish')}>{text.courses.unpublish}</Button>
            </Row>
            <Row label={text.courses.archive} hint={text.courses.archiveHint}>
              <Button onClick={() => setQuestion('archive')}>{text.courses.archive}</Button>
            </Row>
          </>
        ) : null}
        {course.state === 'archived' ? (
          <Row label={text.courses.unarchive} hint={text.courses.unarchiveHint}>
            <Button isBusy={step.isBusy} onClick={() => step.run('unarchive')}>
              {text.courses.unarchive}
            </Button>
          </Row>
        ) : null}
        <OwnershipRow course={course} />
        <Row label={text.course.delete} hint={text.courses.deleteHint(courseTrashDays)}>
          <Button variant="danger" onClick={() => setQuestion('delete')}>
            {text.course.delete}
          </Button>
        </Row>
      </div>
      {question ? <CourseQuestion question={question} course={course} onCourse={onCourse} onClose={() => setQuestion(undefined)} /> : null}
    </section>
  );
}

function Row({ label, hint, children }: { label: string; hint: string; children: ComponentChildren }) {
  return (
    <div class="danger__row">
      <div class="grow">
        <div>{label}</div>
        <div class="small quiet">{hint}</div>
      </div>
      {children}
    </div>
  );
}
