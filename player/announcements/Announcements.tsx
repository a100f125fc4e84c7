import { Ellipsis, Megaphone, Pencil, Pin, PinOff, Trash2 } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { Announcement, CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { background } from '../app/background.ts';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Badge, Button, ConfirmDialog, EmptyState, Menu, showToast, SkeletonList } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { AnnouncementDialog } from './AnnouncementDialog.tsx';
import './announcements.css';
import { markRead } from './unread.ts';

type OpenDialog = { kind: 'post' } | { kind: 'edit' | 'remove'; announcement: Announcement };

/** The announcements of a course, the pinned ones above, with their actions for instructors. Seeing the list marks them as read. */
export function Announcements({ course }: { course: CourseDetail }) {
  const params = { courseId: course.id };
  const [dialog, setDialog] = useState<OpenDialog>();
  const [older, setOlder] = useState<readonly Announcement[]>([]);
  const [olderCursor, setOlderCursor] = useState<string | null>();
  const { data, error, reload } = useLoaded((signal) => api.listAnnouncements({ params }, { signal }), [course.id]);
  const canPost = may(course.role ?? undefined, 'announcement.post') && course.state !== 'archived';
  const newest = [...(data?.pinned ?? []), ...(data?.announcements ?? [])].map(({ createdAt }) => createdAt).sort().at(-1);
  const hasUnread = (data?.unreadCount ?? 0) > 0;
  useEffect(() => {
    if (newest === undefined || !hasUnread) return;
    background(markRead(course.id, newest));
  }, [newest, hasUnread]);
  const cursor = olderCursor === undefined ? data?.nextCursor : olderCursor;
  const showOlder = useToastedAction(async () => {
    const page = await api.listAnnouncements({ params, query: { cursor: cursor ?? undefined } });
    setOlder([...older, ...page.announcements]);
    setOlderCursor(page.nextCursor);
  });
  const changed = () => {
    setDialog(undefined);
    setOlder([]);
    setOlderCursor(undefined);
    reload();
  };
  const pin = useToastedAction(async ({ id, isPinned }: Announcement) => {
    await api.updateAnnouncement({ params: { ...params, announcementId: id }, body: { isPinned: !isPinned } });
    changed();
  });
  const remove = useToastedAction(async ({ id }: Announcement) => {
    await api.deleteAnnouncement({ params: { ...params, announcementId: id } });
    showToast({ text: text.announcements.removed });
    changed();
  });
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={3} height="6rem" />;
  const all = [...data.pinned, ...data.announcements, ...older];
  const actions = (announcement: Announcement): MenuItem[] => [
    { key: 'edit', label: text.announcements.edit, icon: <Pencil aria-hidden="true" />, onSelect: () => setDialog({ kind: 'edit', announcement }) },
    { key: 'pin', label: announcement.isPinned ? text.announcements.unpin : text.announcements.pin, icon: announcement.isPinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />, onSelect: () => pin.run(announcement) },
    { key: 'remove', label: text.announcements.remove, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: () => setDialog({ kind: 'remove', announcement }) },
  ];
  return (
    <div class="course-body">
      {canPost ? (
        <div>
          <Button variant={all.length === 0 ? 'primary' : 'secondary'} onClick={() => setDialog({ kind: 'post' })}>
            <Megaphone aria-hidden="true" size={20} />
            {text.announcements.post}
          </Button>
        </div>
      ) : null}
      {all.length === 0 ? <EmptyState title={text.announcements.noneTitle}>{canPost ? text.announcements.noneInstructor : text.announcements.noneStudent}</EmptyState> : null}
      <ul class="announcements">
        {all.map((announcement) => (
          <AnnouncementItem key={announcement.id} announcement={announcement} actions={canPost ? actions(announcement) : []} />
        ))}
      </ul>
      {cursor ? (
        <div>
          <Button isBusy={showOlder.isBusy} onClick={() => showOlder.run()}>
            {text.announcements.more}
          </Button>
        </div>
      ) : null}
      {dialog?.kind === 'post' ? <AnnouncementDialog courseId={course.id} onClose={() => setDialog(undefined)} onDone={changed} /> : null}
      {dialog?.kind === 'edit' ? <AnnouncementDialog courseId={course.id} announcement={dialog.announcement} onClose={() => setDialog(undefined)} onDone={changed} /> : null}
      {dialog?.kind === 'remove' ? (
        <ConfirmDialog
          title={text.announcements.removeTitle}
          message={dialog.announcement.title}
          confirmLabel={text.announcements.remove}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run(dialog.announcement)}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
    </div>
  );
}

function AnnouncementItem({ announcement, actions }: { announcement: Announcement; actions: readonly MenuItem[] }) {
  const { title, authorName, createdAt, editedAt, isPinned, isUnread } = announcement;
  return (
    <li class={`announcement ${isUnread ? 'announcement--unread' : ''}`}>
      <div class="announcement__head">
        <div class="stack-tight">
          <h3 dir="auto">{title}</h3>
          <div class="announcement__facts">
            <span>{text.announcements.by(authorName, formatDateTime(createdAt))}</span>
            {editedAt === null ? null : <span title={formatDateTime(editedAt)}>{text.announcements.edited}</span>}
            {isPinned ? (
              <Badge>
                <Pin aria-hidden="true" size={14} />
                {text.announcements.pinned}
              </Badge>
            ) : null}
            {isUnread ? <Badge tone="good">{text.announcements.unread}</Badge> : null}
          </div>
        </div>
        {actions.length > 0 ? <Menu label={text.announcements.menu(title)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={actions} /> : null}
      </div>
      {announcement.text ? (
        <div class="announcement__text">
          <Markdown>{announcement.text}</Markdown>
        </div>
      ) : null}
    </li>
  );
}
