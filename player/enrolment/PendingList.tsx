import type { Group, PendingPerson } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { usePolling } from '../app/useLoaded.ts';
import { Badge, Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { ListOfPeople, PersonRow } from './ListOfPeople.tsx';
import { usePages } from './usePages.ts';

const refreshMs = 15_000;

interface PendingListProps {
  courseId: string;
  groups: readonly Group[];
  canEdit: boolean;
  /** Loads the list again when it changes. */
  version: number;
  onChanged: () => void;
}

/** The people of lists who have no account with a verified address yet. */
export function PendingList({ courseId, groups, canEdit, version, onChanged }: PendingListProps) {
  const pages = usePages(
    async (cursor, signal) => {
      const { people: rows, nextCursor } = await api.listPending({ params: { courseId }, query: cursor ? { cursor } : {} }, { signal });
      return { rows, nextCursor };
    },
    [courseId, version],
  );
  usePolling(pages.reload, refreshMs);
  const withdraw = useToastedAction(async ({ id, email }: PendingPerson) => {
    await api.deletePending({ params: { courseId, pendingId: id } });
    showToast({ text: text.enrolment.withdrawn(email) });
    pages.reload();
    onChanged();
  });
  const groupOf = ({ groupId }: PendingPerson) => groups.find(({ id }) => id === groupId)?.name;
  return (
    <div class="stack">
      {pages.data && pages.data.rows.length > 0 ? <p class="quiet">{text.enrolment.invitedIntro}</p> : null}
      <ListOfPeople pages={pages} emptyText={text.enrolment.nobodyInvited}>
        {(who) => (
          <PersonRow key={who.id} name={who.name || who.email} details={who.name ? <div class="small quiet">{who.email}</div> : null}>
            {groupOf(who) ? <Badge>{groupOf(who)}</Badge> : null}
            {who.role === 'student' ? null : <Badge tone="good">{text.course.roles[who.role]}</Badge>}
            {canEdit ? (
              <Button variant="quiet" aria-label={text.enrolment.withdrawOf(who.email)} isBusy={withdraw.isBusy} onClick={() => withdraw.run(who)}>
                {text.enrolment.withdraw}
              </Button>
            ) : null}
          </PersonRow>
        )}
      </ListOfPeople>
    </div>
  );
}
