import { useState } from 'preact/hooks';
import type { Admission, CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { absolute, paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, CopyField, showToast, Tabs } from '../design/index.ts';
import { CountBadge } from '../enrolment/CountBadge.tsx';
import { GroupList } from '../enrolment/GroupList.tsx';
import { InvitationLinks } from '../enrolment/InvitationLinks.tsx';
import { MemberList } from '../enrolment/MemberList.tsx';
import { PendingList } from '../enrolment/PendingList.tsx';
import { RequestList } from '../enrolment/RequestList.tsx';
import { UploadSection } from '../enrolment/UploadSection.tsx';
import { WaitingList } from '../enrolment/WaitingList.tsx';
import { text } from '../text/index.ts';
import { removalsFromCourse } from './removals.ts';
import { RemovedPeople } from './RemovedPeople.tsx';
import './courses.css';

const refreshMs = 15_000;

/** The people of the course: members, and those who want to become some; and how to invite others. */
export function CoursePeople({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const params = { courseId: course.id };
  const { data: admission, reload } = useLoaded((signal) => api.getAdmission({ params }, { signal }), [course.id]);
  const { data: grouped, reload: reloadGroups } = useLoaded((signal) => api.listGroups({ params }, { signal }), [course.id]);
  usePolling(reload, refreshMs);
  const [changes, setChanges] = useState(0);
  const [lists, setLists] = useState(0);
  const changed = () => {
    reload();
    reloadGroups();
    setChanges((now) => now + 1);
  };
  const applied = () => {
    changed();
    setLists((now) => now + 1);
  };
  const canEdit = may(course.role ?? undefined, 'course.edit');
  const groups = grouped?.groups ?? [];
  const views = { courseId: course.id, canEdit, onChanged: changed };
  const tabs = [
    { key: 'members', label: text.enrolment.members, panel: <MemberList course={course} groups={groups} version={lists} onChanged={changed} /> },
    { key: 'requests', label: <Counted name={text.enrolment.requests} count={admission?.requestCount} isUrgent />, panel: <RequestList {...views} /> },
    { key: 'waiting', label: <Counted name={text.enrolment.waiting} count={admission?.waitingCount} />, panel: <WaitingList {...views} version={lists} /> },
    { key: 'pending', label: <Counted name={text.enrolment.pending} count={admission?.pendingCount} />, panel: <PendingList {...views} groups={groups} version={lists} /> },
    { key: 'groups', label: text.enrolment.groups, panel: <GroupList {...views} groups={groups} /> },
  ];
  return (
    <div class="course-body">
      <div class="course-columns">
        <Tabs class="people-views" label={text.enrolment.views} tabs={tabs} />
        <div class="stack people-side">
          <Share course={course} admission={admission} onCourse={onCourse} />
          {canEdit ? <InvitationLinks courseId={course.id} /> : null}
          {canEdit ? <UploadSection courseId={course.id} onApplied={applied} /> : null}
          {canEdit ? <RemovedPeople removals={removalsFromCourse(course.id)} heading="h2" version={changes} /> : null}
        </div>
      </div>
    </div>
  );
}

function Counted({ name, count, isUrgent }: { name: string; count: number | undefined; isUrgent?: boolean }) {
  return (
    <>
      {name}
      {count ? <CountBadge count={count} isQuiet={!isUrgent} /> : null}
    </>
  );
}

interface ShareProps {
  course: CourseDetail;
  admission: Admission | undefined;
  onCourse: (course: CourseDetail) => void;
}

function Share({ course, admission, onCourse }: ShareProps) {
  const [isAsking, setAsking] = useState(false);
  const renew = useToastedAction(async () => {
    onCourse(await api.updateCourse({ params: { courseId: course.id }, body: { newEnrolmentCode: true } }));
    setAsking(false);
    showToast({ text: text.course.newCodeMade });
  });
  return (
    <section class="section">
      <h2>{text.course.shareTitle}</h2>
      {admission && admission.capacity !== null ? <p class="small quiet tabular">{text.enrolment.taken(admission.studentCount, admission.capacity)}</p> : null}
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
