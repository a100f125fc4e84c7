import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

const refreshMs = 15_000;

interface RemovedParticipantsProps {
  lectureId: string;
  /** Loads the list again when it changes. */
  version?: number;
  /** Shown if nobody was removed. */
  emptyText?: string;
}

/** The people who were removed from a lecture, each with a button that lifts the removal. */
export function RemovedParticipants({ lectureId, version, emptyText }: RemovedParticipantsProps) {
  const { data, reload } = useLoaded((signal) => api.listRemovedParticipants({ params: { lectureId } }, { signal }), [lectureId, version]);
  usePolling(reload, refreshMs);
  const readmit = useToastedAction(async (userId: string, displayName: string) => {
    await api.readmitParticipant({ params: { lectureId, userId } });
    showToast({ text: text.room.readmitted(displayName) });
    reload();
  });
  if (!data) return null;
  if (data.people.length === 0) return emptyText ? <p class="quiet">{emptyText}</p> : null;
  return (
    <section class="section">
      <h3>{text.room.removedPeople}</h3>
      <ul class="list">
        {data.people.map(({ userId, displayName }) => (
          <li key={userId} class="person">
            <span class="grow" dir="auto">
              {displayName}
            </span>
            <Button isBusy={readmit.isBusy} onClick={() => readmit.run(userId, displayName)}>
              {text.room.readmit}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
