import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { Removals } from './removals.ts';

const refreshMs = 15_000;

interface RemovedPeopleProps {
  removals: Removals;
  heading: 'h2' | 'h3';
  /** Loads the list again when it changes. */
  version?: number;
  /** Shown if nobody was removed. */
  emptyText?: string;
}

/** The people who were removed, each with a button that lifts the removal. */
export function RemovedPeople({ removals, heading: Heading, version, emptyText }: RemovedPeopleProps) {
  const { data, reload } = useLoaded(removals.list, [removals.id, version]);
  usePolling(reload, refreshMs);
  const readmit = useToastedAction(async (userId: string, displayName: string) => {
    await removals.readmit(userId);
    showToast({ text: removals.readmitted(displayName) });
    reload();
  });
  if (!data) return null;
  if (data.people.length === 0) return emptyText ? <p class="quiet">{emptyText}</p> : null;
  return (
    <section class="section">
      <Heading>{text.course.removedTitle}</Heading>
      <ul class="list">
        {data.people.map(({ userId, displayName, email }) => (
          <li key={userId} class="person">
            <div class="grow">
              <div dir="auto">{displayName}</div>
              {removals.showsEmail ? <div class="small quiet">{email}</div> : null}
            </div>
            <Button isBusy={readmit.isBusy} onClick={() => readmit.run(userId, displayName)}>
              {text.course.readmit}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
