import { useEffect, useState } from 'preact/hooks';
import type { Announcement } from '#api/contract';
import { background } from '../app/background.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { markRead } from './unread.ts';

/** The announcements of a course in pages. Seeing the first page marks them as read. */
export function useAnnouncements(courseId: string) {
  const params = { courseId };
  const [older, setOlder] = useState<{ rows: readonly Announcement[]; nextCursor: string | null }>();
  const { data, error, reload } = useLoaded((signal) => api.listAnnouncements({ params }, { signal }), [courseId]);
  const first = data ? [...data.pinned, ...data.announcements] : [];
  const newest = first.map(({ createdAt }) => createdAt).sort().at(-1);
  const isUnread = data !== undefined && data.unreadCount > 0;
  useEffect(() => {
    if (newest !== undefined && isUnread) background(markRead(courseId, newest));
  }, [courseId, newest, isUnread]);
  const cursor = older ? older.nextCursor : data?.nextCursor;
  const showOlder = useToastedAction(async () => {
    if (!cursor) return;
    const page = await api.listAnnouncements({ params, query: { cursor } });
    setOlder({ rows: [...(older?.rows ?? []), ...page.announcements], nextCursor: page.nextCursor });
  });
  return {
    /** Undefined until they are loaded. */
    all: data && [...first, ...(older?.rows ?? [])],
    error,
    hasOlder: Boolean(cursor),
    showOlder,
    /** Loads the first page again. */
    reload: () => {
      setOlder(undefined);
      reload();
    },
  };
}
