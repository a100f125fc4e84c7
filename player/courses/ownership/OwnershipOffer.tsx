import type { CourseDetail } from '#api/contract';
import { api } from '../../app/services.ts';
import { useToastedAction } from '../../app/useAction.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Button, Notice, showToast } from '../../design/index.ts';
import { formatDateTime } from '../../text/format.ts';
import { text } from '../../text/index.ts';

/** On the page of a course: the offer to take it over, for the person to whom it is made. */
export function OwnershipOffer({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const params = { courseId: course.id };
  const { data, reload } = useLoaded((signal) => api.getOwnershipOffer({ params }, { signal }), [course.id, course.role]);
  const accept = useToastedAction(async () => {
    onCourse(await api.acceptOwnership({ params }));
    showToast({ text: text.ownership.accepted });
    reload();
  });
  const decline = useToastedAction(async () => {
    await api.declineOwnership({ params });
    showToast({ text: text.ownership.declined });
    reload();
  });
  if (!data?.offer?.isForYou) return null;
  return (
    <Notice
      action={
        <div class="row">
          <Button variant="primary" isBusy={accept.isBusy} onClick={() => accept.run()}>
            {text.ownership.accept}
          </Button>
          <Button isBusy={decline.isBusy} onClick={() => decline.run()}>
            {text.ownership.decline}
          </Button>
        </div>
      }
    >
      {text.ownership.forYou(course.ownerName, formatDateTime(data.offer.expiresAt))}
    </Notice>
  );
}
