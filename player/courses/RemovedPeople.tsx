import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

/** The people who were removed from the course, each with a button that lifts the removal. `version` changes with the members. */
export function RemovedPeople({ courseId, version }: { courseId: string; version: number }) {
  const { data, reload } = useLoaded((signal) => api.listRemovedMembers({ params: { courseId } }, { signal }), [courseId, version]);
  const readmit = useToastedAction(async (userId: string, displayName: string) => {
    await api.readmitMember({ params: { courseId, userId } });
    showToast({ text: text.course.readmitted(displayName) });
    reload();
  });
  if (!data || data.people.length === 0) return null;
  return (
    <section class="section">
      <h2>{text.course.removedTitle}</h2>
      <ul class="list">
        {data.people.map(({ userId, displayName, email }) => (
          <li key={userId} class="person">
            <div class="grow">
              <div dir="auto">{displayName}</div>
              <div class="small quiet">{email}</div>
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
