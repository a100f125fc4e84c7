import { useState } from 'preact/hooks';
import type { CalendarFeed, CourseSummary } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, CopyField, Dialog, Select, showToast, SkeletonList } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';

async function loadFeeds(signal: AbortSignal) {
  const [{ feeds }, { courses }] = await Promise.all([api.listCalendarFeeds({}, { signal }), api.listCourses({}, { signal })]);
  return { feeds, courses };
}

/** Creates and revokes the private links by which calendar programs follow the lectures. */
export function FeedDialog({ onClose, courseId = '' }: { onClose: () => void; courseId?: string }) {
  const [chosen, setChosen] = useState(courseId);
  const [link, setLink] = useState<string>();
  const { data, error, reload } = useLoaded(loadFeeds, []);
  const create = useToastedAction(async () => {
    setLink((await api.createCalendarFeed({ body: { courseId: chosen === '' ? null : chosen } })).url);
    reload();
  });
  const hasFeed = data?.feeds.some((feed) => (feed.courseId ?? '') === chosen) ?? false;
  return (
    <Dialog title={text.calendar.subscribeTitle} onClose={onClose}>
      <p class="quiet">{text.calendar.subscribeText}</p>
      {!data ? error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={2} /> : null}
      {data ? (
        <>
          <Select
            label={text.calendar.which}
            value={chosen}
            choices={[{ value: '', label: text.calendar.allCourses }, ...data.courses.map(({ id, title }) => ({ value: id, label: title }))]}
            onValue={(value) => {
              setChosen(value);
              setLink(undefined);
            }}
          />
          {link === undefined ? (
            <div class="stack-tight">
              <div>
                <Button variant="primary" isBusy={create.isBusy} onClick={() => create.run()}>
                  {hasFeed ? text.calendar.newLink : text.calendar.createLink}
                </Button>
              </div>
              {hasFeed ? <p class="quiet small">{text.calendar.replaced}</p> : null}
            </div>
          ) : (
            <CopyField label={text.calendar.link} value={link} hint={text.calendar.linkHint} />
          )}
          <Feeds feeds={data.feeds} courses={data.courses} onRevoked={reload} />
        </>
      ) : null}
    </Dialog>
  );
}

function Feeds({ feeds, courses, onRevoked }: { feeds: readonly CalendarFeed[]; courses: readonly CourseSummary[]; onRevoked: () => void }) {
  const titles = new Map<string, string>(courses.map(({ id, title }) => [id, title]));
  const revoke = useToastedAction(async (feed: CalendarFeed) => {
    await api.deleteCalendarFeed({ params: { calendarId: feed.id } });
    showToast({ text: text.calendar.revoked });
    onRevoked();
  });
  if (feeds.length === 0) return null;
  return (
    <section class="stack-tight">
      <h3>{text.calendar.yourLinks}</h3>
      <ul class="list">
        {feeds.map((feed) => (
          <li key={feed.id} class="calendar__feed">
            <span class="stack-tight">
              <span dir="auto">{feed.courseId === null ? text.calendar.allCourses : (titles.get(feed.courseId) ?? feed.courseId)}</span>
              <span class="quiet small">{text.calendar.created(formatDateTime(feed.createdAt))}</span>
            </span>
            <Button variant="danger" isBusy={revoke.isBusy} onClick={() => revoke.run(feed)}>
              {text.calendar.revoke}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
