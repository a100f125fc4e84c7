import { Ellipsis, Pin } from 'lucide-preact';
import type { Announcement } from '#api/contract';
import { Badge, Menu } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';

/** One announcement, with its actions if there are any. */
export function AnnouncementItem({ announcement, actions }: { announcement: Announcement; actions: readonly MenuItem[] }) {
  const { title, isUnread } = announcement;
  return (
    <li class={`announcement ${isUnread ? 'announcement--unread' : ''}`}>
      <div class="announcement__head">
        <div class="stack-tight">
          <h3 dir="auto">{title}</h3>
          <Facts announcement={announcement} />
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

function Facts({ announcement: { authorName, createdAt, editedAt, isPinned, isUnread } }: { announcement: Announcement }) {
  return (
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
  );
}
