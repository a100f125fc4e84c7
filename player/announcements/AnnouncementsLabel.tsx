import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Badge } from '../design/index.ts';
import { text } from '../text/index.ts';
import { readings } from './unread.ts';

const refreshMs = 60_000;

/** The word for announcements, with the number of unread ones in a course. */
export function AnnouncementsLabel({ courseId }: { courseId: string }) {
  const { data, reload } = useLoaded((signal) => api.listAnnouncements({ params: { courseId }, query: { limit: 1 } }, { signal }), [courseId, readings.value]);
  usePolling(reload, refreshMs);
  const count = data?.unreadCount ?? 0;
  return (
    <>
      {text.announcements.title} {count > 0 ? <Badge tone="good">{text.announcements.unreadCount(count)}</Badge> : null}
    </>
  );
}
