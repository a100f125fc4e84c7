import type { EnrolmentRequest } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { usePolling } from '../app/useLoaded.ts';
import { Button, showToast } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { ListOfPeople, PersonRow } from './ListOfPeople.tsx';
import { usePages } from './usePages.ts';

const refreshMs = 15_000;

interface QueueProps {
  courseId: string;
  canEdit: boolean;
  onChanged: () => void;
}

/** The people who ask to join, the oldest request first. */
export function RequestList({ courseId, canEdit, onChanged }: QueueProps) {
  const pages = usePages(
    async (cursor, signal) => {
      const { requests: rows, nextCursor } = await api.listRequests({ params: { courseId }, query: cursor ? { cursor } : {} }, { signal });
      return { rows, nextCursor };
    },
    [courseId],
  );
  usePolling(pages.reload, refreshMs);
  const reload = () => {
    pages.reload();
    onChanged();
  };
  return (
    <ListOfPeople pages={pages} emptyText={text.enrolment.noRequests}>
      {(request) => <RequestRow key={request.id} courseId={courseId} request={request} canEdit={canEdit} onChanged={reload} />}
    </ListOfPeople>
  );
}

function RequestRow({ courseId, request, canEdit, onChanged }: QueueProps & { request: EnrolmentRequest }) {
  const { displayName, email, note, createdAt } = request;
  const params = { courseId, requestId: request.id };
  const approve = useToastedAction(async () => {
    const { outcome } = await api.approveRequest({ params });
    showToast({ text: outcome === 'waiting' ? text.enrolment.approvedWaiting(displayName) : text.enrolment.approved(displayName) });
    onChanged();
  });
  const decline = useToastedAction(async () => {
    await api.declineRequest({ params });
    showToast({ text: text.enrolment.declined(displayName) });
    onChanged();
  });
  const details = (
    <>
      <div class="small quiet">
        {email} · {formatDateTime(createdAt)}
      </div>
      {note ? (
        <p class="person__note" dir="auto">
          {note}
        </p>
      ) : null}
    </>
  );
  return (
    <PersonRow name={displayName} imageId={request.avatarId} details={details}>
      {canEdit ? (
        <div class="row person__buttons">
          <Button aria-label={text.enrolment.declineOf(displayName)} isBusy={decline.isBusy} onClick={() => decline.run()}>
            {text.enrolment.decline}
          </Button>
          <Button variant="primary" aria-label={text.enrolment.approveOf(displayName)} isBusy={approve.isBusy} onClick={() => approve.run()}>
            {text.enrolment.approve}
          </Button>
        </div>
      ) : null}
    </PersonRow>
  );
}
