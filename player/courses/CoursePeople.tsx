import { Ellipsis, UserMinus, UserPlus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CourseDetail, Enrolment } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { absolute, paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Avatar, Badge, Button, ConfirmDialog, CopyField, EmptyState, Menu, showToast, SkeletonList } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import { InvitePerson } from './InvitePerson.tsx';
import { removalsFromCourse } from './removals.ts';
import { RemovedPeople } from './RemovedPeople.tsx';
import './courses.css';

const refreshMs = 15_000;

/** The people of the course, and how to invite others. */
export function CoursePeople({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const { data, error, reload } = useLoaded((signal) => api.listEnrolments({ params: { courseId: course.id } }, { signal }), [course.id]);
  usePolling(reload, refreshMs);
  const canEdit = may(course.role ?? undefined, 'course.edit');
  return (
    <div class="course-body">
      <div class="course-columns">
        <section class="section">
          <h2>{data ? text.course.peopleCount(data.enrolments.length) : text.course.people}</h2>
          {error ? <LoadFailure error={error} onRetry={reload} /> : null}
          {data || error ? null : <SkeletonList rows={4} height="3.5rem" />}
          {data ? <PeopleList course={course} enrolments={data.enrolments} onChanged={reload} /> : null}
        </section>
        <div class="stack">
          <Share course={course} onCourse={onCourse} />
          {canEdit ? <InvitePerson courseId={course.id} /> : null}
          {canEdit && data ? <RemovedPeople removals={removalsFromCourse(course.id)} heading="h2" version={data.enrolments.length} /> : null}
        </div>
      </div>
    </div>
  );
}

function PeopleList({ course, enrolments, onChanged }: { course: CourseDetail; enrolments: readonly Enrolment[]; onChanged: () => void }) {
  const [removing, setRemoving] = useState<Enrolment>();
  const canEdit = may(course.role ?? undefined, 'course.edit');
  const canRemove = may(course.role ?? undefined, 'enrolment.remove');
  const change = useToastedAction(async ({ userId, displayName }: Enrolment, role: 'assistant' | 'student') => {
    await api.setEnrolmentRole({ params: { courseId: course.id, userId }, body: { role } });
    showToast({ text: text.course.roleChanged(displayName) });
    onChanged();
  });
  const remove = useToastedAction(async (who: Enrolment) => {
    await api.removeEnrolment({ params: { courseId: course.id, userId: who.userId } });
    setRemoving(undefined);
    showToast({ text: text.course.removed(who.displayName) });
    onChanged();
  });
  const itemsFor = (who: Enrolment): MenuItem[] => {
    const other = who.role === 'student' ? 'assistant' : 'student';
    const promote: MenuItem = {
      key: 'role',
      label: other === 'assistant' ? text.course.makeAssistant : text.course.makeStudent,
      icon: <UserPlus aria-hidden="true" />,
      onSelect: () => change.run(who, other),
    };
    const out: MenuItem = { key: 'remove', label: text.course.remove, icon: <UserMinus aria-hidden="true" />, isDanger: true, onSelect: () => setRemoving(who) };
    return [...(canEdit ? [promote] : []), ...(canRemove ? [out] : [])];
  };
  const isAlone = enrolments.every((who) => who.role === 'owner');
  return (
    <>
      <ul class="list">
        {enrolments.map((who) => (
          <li key={who.userId} class="person">
            <Avatar name={who.displayName} imageId={who.avatarId} />
            <div class="grow">
              <div dir="auto">{who.displayName}</div>
              <div class="small quiet">{who.email}</div>
            </div>
            {who.role === 'student' ? null : <Badge tone="good">{text.course.roles[who.role]}</Badge>}
            {who.role !== 'owner' && (canEdit || canRemove) ? (
              <Menu label={text.course.personMenu(who.displayName)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={itemsFor(who)} />
            ) : null}
          </li>
        ))}
      </ul>
      {isAlone ? <EmptyState title={text.course.noPeopleTitle}>{text.course.noPeople}</EmptyState> : null}
      {removing ? (
        <ConfirmDialog
          title={text.course.removeTitle(removing.displayName)}
          message={text.course.removeMessage}
          confirmLabel={text.course.remove}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run(removing)}
          onClose={() => setRemoving(undefined)}
        />
      ) : null}
    </>
  );
}

function Share({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const [isAsking, setAsking] = useState(false);
  const renew = useToastedAction(async () => {
    onCourse(await api.updateCourse({ params: { courseId: course.id }, body: { newEnrolmentCode: true } }));
    setAsking(false);
    showToast({ text: text.course.newCodeMade });
  });
  return (
    <section class="section">
      <h2>{text.course.shareTitle}</h2>
      <CopyField label={text.course.shareLink} value={absolute(paths.course(course.id))} />
      {course.enrolmentCode ? (
        <>
          <CopyField label={text.course.shareCode} value={course.enrolmentCode} />
          <div class="row">
            <Button variant="quiet" onClick={() => setAsking(true)}>
              {text.course.newCode}
            </Button>
          </div>
          {isAsking ? (
            <ConfirmDialog
              title={text.course.newCodeTitle}
              message={text.course.newCodeMessage}
              confirmLabel={text.course.newCode}
              variant="primary"
              isBusy={renew.isBusy}
              onConfirm={() => renew.run()}
              onClose={() => setAsking(false)}
            />
          ) : null}
        </>
      ) : null}
    </section>
  );
}
