import { useState } from 'preact/hooks';
import type { CourseDetail, Enrolment } from '#api/contract';
import { maxMemberPageSize } from '#api/contract';
import { LoadFailure } from '../../app/LoadFailure.tsx';
import { api } from '../../app/services.ts';
import { useAction, useToastedAction } from '../../app/useAction.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Button, ConfirmDialog, Notice, Select, showToast, SkeletonList } from '../../design/index.ts';
import { formatDateTime } from '../../text/format.ts';
import { text } from '../../text/index.ts';

/** On the settings of a course: offers it to another instructor, or takes the offer back. */
export function OwnershipRow({ course }: { course: CourseDetail }) {
  const params = { courseId: course.id };
  const [isAsking, setAsking] = useState(false);
  const { data, reload } = useLoaded((signal) => api.getOwnershipOffer({ params }, { signal }), [course.id]);
  const withdraw = useToastedAction(async () => {
    await api.withdrawOwnership({ params });
    showToast({ text: text.ownership.withdrawn });
    reload();
  });
  const offer = data?.offer ?? null;
  return (
    <div class="danger__row">
      <div class="grow">
        <div>{text.ownership.title}</div>
        <div class="small quiet">{offer ? text.ownership.pending(offer.to.displayName, formatDateTime(offer.expiresAt)) : text.ownership.hint}</div>
      </div>
      {offer ? (
        <Button isBusy={withdraw.isBusy} onClick={() => withdraw.run()}>
          {text.ownership.withdraw}
        </Button>
      ) : (
        <Button onClick={() => setAsking(true)}>{text.ownership.offer}</Button>
      )}
      {isAsking ? (
        <OfferDialog
          course={course}
          onClose={() => setAsking(false)}
          onOffered={() => {
            setAsking(false);
            reload();
          }}
        />
      ) : null}
    </div>
  );
}

function OfferDialog({ course, onClose, onOffered }: { course: CourseDetail; onClose: () => void; onOffered: () => void }) {
  const params = { courseId: course.id };
  const [chosen, setChosen] = useState<string>();
  const { data, error, reload } = useLoaded((signal) => api.listEnrolments({ params, query: { role: 'assistant', limit: maxMemberPageSize } }, { signal }), [course.id]);
  const people = data?.enrolments ?? [];
  const userId = chosen ?? people[0]?.userId;
  const offer = useAction(async () => {
    if (userId === undefined) return;
    await api.offerOwnership({ params, body: { userId } });
    showToast({ text: text.ownership.offered });
    onOffered();
  });
  return (
    <ConfirmDialog
      title={text.ownership.offerTitle(course.title)}
      message={text.ownership.message}
      more={
        <div class="stack-tight">
          {data ? null : error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={1} />}
          {data && people.length === 0 ? <Notice>{text.ownership.nobody}</Notice> : null}
          {userId === undefined ? null : <Select label={text.ownership.newOwner} value={userId} error={offer.problem ?? offer.fieldProblem('userId')} choices={people.map(choiceOf)} onValue={setChosen} />}
        </div>
      }
      confirmLabel={text.ownership.offer}
      variant="primary"
      isBusy={offer.isBusy}
      onConfirm={() => offer.run()}
      onClose={onClose}
    />
  );
}

function choiceOf({ userId, displayName, email }: Enrolment) {
  return { value: userId, label: `${displayName} (${email})` };
}
