import { useSignal } from '@preact/signals';
import { ArrowDown, Ellipsis, MessageCircle, MessageSquareOff, Trash2 } from 'lucide-preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { may } from '#engine/contract';
import type { ChatMessage } from '#engine/contract';
import { Button, EmptyState, Menu, showToast } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import './chat.css';
import { ChatComposer } from './ChatComposer.tsx';
import { ChatMessageRow } from './ChatMessageRow.tsx';
import { ChatOutbox, notShownYet } from './ChatOutbox.ts';
import { PendingRow } from './PendingRow.tsx';
import { SlowModeMenu } from './SlowModeMenu.tsx';

/** Limits the size of the list. The replay has all messages. */
const shownMessages = 400;
/** Within this distance from the end, the list scrolls to new messages. */
const followWithinPx = 80;

/** The chat of the live room: the messages and the composer. */
export function Chat({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  const outbox = useMemo(() => new ChatOutbox((message) => connection.postMessage(message)), [connection]);
  const list = useRef<HTMLDivElement>(null);
  const isFollowing = useSignal(true);
  const pending = notShownYet(outbox.pending.value, room.chat, room.self.userId);
  const messages = room.chat.slice(-shownMessages);
  const canModerate = may(room.self.role, 'chat.moderate');

  useLayoutEffect(() => {
    if (isFollowing.value) scrollToEnd(list.current);
  }, [messages.at(-1)?.id, pending.length]);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (isFollowing.value) scrollToEnd(element);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return (
    <div class="chat">
      <div
        ref={list}
        class="chat__messages"
        role="log"
        aria-live="polite"
        aria-label={text.chat.label}
        tabIndex={0}
        onScroll={(event) => {
          isFollowing.value = distanceToEnd(event.currentTarget) < followWithinPx;
        }}
      >
        {messages.length + pending.length === 0 ? (
          <EmptyState isCentred icon={<MessageCircle aria-hidden="true" />} title={text.chat.emptyTitle}>
            {text.chat.empty}
          </EmptyState>
        ) : (
          <div>
            {messages.map((message) => (
              <ChatMessageRow key={message.id} message={message} menu={<MessageMenu connection={connection} room={room} message={message} />} />
            ))}
            {pending.map((message) => (
              <PendingRow key={message.key} message={message} outbox={outbox} self={room.self} />
            ))}
          </div>
        )}
      </div>
      <div class="chat__foot">
        {isFollowing.value ? null : (
          <Button
            class="chat__newer"
            onClick={() => {
              isFollowing.value = true;
              scrollToEnd(list.current);
            }}
          >
            <ArrowDown aria-hidden="true" size={18} />
            {text.chat.newMessages}
          </Button>
        )}
        {canModerate ? <SlowModeMenu connection={connection} slowModeMs={room.slowModeMs} /> : null}
        <ChatComposer connection={connection} room={room} outbox={outbox} onSent={() => (isFollowing.value = true)} />
      </div>
    </div>
  );
}

interface MessageMenuProps {
  connection: RoomConnection;
  room: RoomState;
  message: ChatMessage;
}

function MessageMenu({ connection, room, message }: MessageMenuProps) {
  const isOwn = message.userId === room.self.userId;
  const canModerate = may(room.self.role, 'chat.moderate');
  if (!isOwn && !canModerate) return null;

  const attempt = (work: Promise<unknown>) => {
    work.catch((error: unknown) => showToast({ text: sentenceFor(error), tone: 'danger' }));
  };
  const remove: MenuItem = {
    key: 'delete',
    label: text.chat.deleteMessage,
    icon: <Trash2 aria-hidden="true" />,
    isDanger: true,
    onSelect: () => attempt(connection.request('chat.delete', { messageId: message.id })),
  };
  const mute: MenuItem = {
    key: 'mute',
    label: text.chat.muteAuthor(message.displayName),
    icon: <MessageSquareOff aria-hidden="true" />,
    onSelect: () => attempt(connection.request('chat.setMuted', { userId: message.userId, isMuted: true })),
  };
  const canMute = canModerate && !isOwn && message.role === 'student';
  return (
    <Menu
      label={text.chat.messageMenu(message.displayName)}
      isIconOnly
      trigger={<Ellipsis aria-hidden="true" size={18} />}
      items={canMute ? [remove, mute] : [remove]}
    />
  );
}

function scrollToEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight;
}

function distanceToEnd(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight;
}
