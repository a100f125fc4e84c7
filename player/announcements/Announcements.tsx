import { Megaphone, Pencil, Pin, PinOff, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Announcement, CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, EmptyState, showToast, SkeletonList } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import { AnnouncementDialog } from './AnnouncementDialog.tsx';
import { AnnouncementItem } from './AnnouncementItem.tsx';
import './announcements.css';
import { useAnnouncements } from './useAnnouncements.ts';

type OpenDialog = { kind: 'post' } | { kind: 'edit' | 'remove'; announcement: Announcement };

/** The announcements of a course, the pinned ones above, with their actions for instructors. */
export function Announcements({ course }: { course: CourseDetail }) {
  const { all, error, hasOlder, showOlder, reload } = useAnnouncements(course.id);
  const [dialog, setDialog] = useState<OpenDialog>();
  const canPost = may(course.role ?? undefined, 'announcement.post') && course.state !== 'archived';
  const changed = () => {
    setDialog(undefined);
    reload();
  };
  const pin = useToastedAction(async ({ id, isPinned }: Announcement) => {
    await api.updateAnnouncement({ params: { courseId: course.id, announcementId: id }, body: { isPinned: !isPinned } });
    changed();
  });
  const actions = (announcement: Announcement): MenuItem[] => [
    { key: 'edit', label: text.announcements.edit, icon: <Pencil aria-hidden="true" />, onSelect: () => setDialog({ kind: 'edit', announcement }) },
    announcement.isPinned
      ? { key: 'pin', label: text.announcements.unpin, icon: <PinOff aria-hidden="true" />, onSelect: () => pin.run(announcement) }
      : { key: 'pin', label: text.announcements.pin, icon: <Pin aria-hidden="true" />, onSelect: () => pin.run(announcement) },
    { key: 'remove', label: text.announcements.remove, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: () => setDialog({ kind: 'remove', announcement }) },
  ];
  if (!all) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={3} height="6rem" />;
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
      {hasOlder ? (
        <div>
          <Button isBusy={showOlder.isBusy} onClick={() => showOlder.run()}>
            {text.announcements.more}
          </Button>
        </div>
      ) : null}
      <OpenedDialog courseId={course.id} dialog={dialog} onClose={() => setDialog(undefined)} onDone={changed} />
    </div>
  );
}

function OpenedDialog({ courseId, dialog, onClose, onDone }: { courseId: string; dialog: OpenDialog | undefined; onClose: () => void; onDone: () => void }) {
  const remove = useToastedAction(async ({ id }: Announcement) => {
    await api.deleteAnnouncement({ params: { courseId, announcementId: id } });
    showToast({ text: text.announcements.removed });
    onDone();
  });
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'post':
      return <AnnouncementDialog courseId={courseId} onClose={onClose} onDone={onDone} />;
    case 'edit':
      return <AnnouncementDialog courseId={courseId} announcement={dialog.announcement} onClose={onClose} onDone={onDone} />;
    case 'remove':
      return (
        <ConfirmDialog
          title={text.announcements.removeTitle}
          message={dialog.announcement.title}
          confirmLabel={text.announcements.remove}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run(dialog.announcement)}
          onClose={onClose}
        />
      );
  }
}
