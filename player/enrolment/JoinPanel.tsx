import { useEffect } from 'preact/hooks';
import type { CourseDetail, Joining } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Notice, showToast, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import './enrolment.css';
import { EnrolForm } from './EnrolForm.tsx';
import { RequestForm } from './RequestForm.tsx';
import { WaitingPlace } from './WaitingPlace.tsx';

const refreshMs = 10_000;

/** How a person can join a course, and how far they are: the form, the request, or the place on the waiting list. */
export function JoinPanel({ course, onEnrolled }: { course: CourseDetail; onEnrolled: (course: CourseDetail) => void }) {
  const params = { courseId: course.id };
  const { data: joining, error, reload, replace } = useLoaded((signal) => api.getJoining({ params }, { signal }), [course.id, course.enrolmentPolicy]);
  usePolling(reload, refreshMs);
  const open = useToastedAction(async () => {
    onEnrolled(await api.getCourse({ params }));
    showToast({ text: text.course.enrolled });
  });
  // Somebody who waits or asks is let in without doing anything.
  const isIn = joining?.role != null;
  useEffect(() => {
    if (isIn) open.run();
  }, [isIn]);
  if (!joining) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={2} />;
  return <Way course={course} joining={joining} onJoining={replace} onChanged={reload} onEnrolled={onEnrolled} />;
}

interface WayProps {
  course: CourseDetail;
  joining: Joining;
  onJoining: (joining: Joining) => void;
  onChanged: () => void;
  onEnrolled: (course: CourseDetail) => void;
}

function Way({ course, joining, onJoining, onChanged, onEnrolled }: WayProps) {
  if (joining.waiting) return <WaitingPlace courseId={course.id} waiting={joining.waiting} onChanged={onChanged} />;
  if (joining.enrolmentPolicy === 'closed') return <Notice>{text.course.closed}</Notice>;
  if (joining.enrolmentPolicy === 'request') return <RequestForm courseId={course.id} joining={joining} onJoining={onJoining} onChanged={onChanged} />;
  return <EnrolForm course={course} joining={joining} onJoining={onJoining} onChanged={onChanged} onEnrolled={onEnrolled} />;
}
