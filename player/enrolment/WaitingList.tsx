import type { WaitingPerson } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { usePolling } from '../app/useLoaded.ts';
import { Badge, Button, showToast } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { ListOfPeople, PersonRow } from './ListOfPeople.tsx';
import { usePages } from './usePages.ts';

const refreshMs = 15_000;

interface WaitingListProps {
  courseId: string;
  canEdit: boolean;
  /** Loads the list again when it changes. */
  version: number;
  onChanged: () => void;
}

/** The people who wait for a seat, in their order. */
export function WaitingList({ courseId, canEdit, version, onChanged }: WaitingListProps) {
  const pages = usePages(
    async (cursor, signal) => {
      const { people: rows, nextCursor } = await api.listWaiting({ params: { courseId }, query: cursor ? { cursor } : {} }, { signal });
      return { rows, nextCursor };
    },
    [courseId, version],
  );
  usePolling(pages.reload, refreshMs);
  const takeOff = useToastedAction(async ({ userId, displayName }: WaitingPerson) => {
    await api.removeWaiting({ params: { courseId, userId } });
    showToast({ text: text.enrolment.takenOff(displayName) });
    pages.reload();
    onChanged();
  });
  return (
    <ListOfPeople pages={pages} emptyText={text.enrolment.nobodyWaits}>
      {(who, index) => (
        <PersonRow
          key={who.userId}
          name={who.displayName}
          imageId={who.avatarId}
          details={
            <div class="small quiet">
              {who.email} · {text.enrolment.since(formatDateTime(who.joinedAt))}
            </div>
          }
        >
          <Badge>
            <span class="tabular">{text.enrolment.place(index + 1)}</span>
          </Badge>
          {canEdit ? (
            <Button variant="quiet" aria-label={text.enrolment.takeOffOf(who.displayName)} isBusy={takeOff.isBusy} onClick={() => takeOff.run(who)}>
              {text.enrolment.takeOff}
            </Button>
          ) : null}
        </PersonRow>
      )}
    </ListOfPeople>
  );
}
