import type { ComponentChildren } from 'preact';
import type { ChatMessage } from '#engine/contract';
import { Badge } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { PersonAvatar } from '../people/LecturePictures.tsx';
import { text } from '../text/index.ts';
import { shownName } from '../text/shownName.ts';
import './chat.css';
import { MessageText } from './MessageText.tsx';

interface ChatMessageRowProps {
  message: Pick<ChatMessage, 'userId' | 'displayName' | 'role' | 'text' | 'atMs'>;
  /** The actions on the message. */
  menu?: ComponentChildren;
}

/** One message. */
export function ChatMessageRow({ message, menu }: ChatMessageRowProps) {
  return (
    <div class={`message ${menu ? 'message--with-menu' : ''}`}>
      <PersonAvatar userId={message.userId} name={message.displayName} />
      <div class="message__head">
        <span class="message__name" dir="auto">{shownName(message.displayName)}</span>
        {message.role === 'student' ? null : <Badge tone="good">{text.room.roles[message.role]}</Badge>}
        <span class="message__time">{formatClock(message.atMs)}</span>
      </div>
      <div class="message__text" dir="auto">
        <MessageText text={message.text} />
      </div>
      {menu ? <div class="message__menu">{menu}</div> : null}
    </div>
  );
}
