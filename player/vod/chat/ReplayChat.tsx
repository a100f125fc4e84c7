import type { ReadonlySignal } from '@preact/signals';
import { useComputed } from '@preact/signals';
import { ArrowDown, MessageSquare } from 'lucide-preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatMessage } from '#engine/contract';
import { LoadFailure } from '../../app/LoadFailure.tsx';
import { MessageText } from '../../chat/MessageText.tsx';
import { Badge, Button, EmptyState, SkeletonList } from '../../design/index.ts';
import { formatClock } from '../../text/format.ts';
import { PersonAvatar } from '../../people/LecturePictures.tsx';
import { text } from '../../text/index.ts';
import { shownName } from '../../text/shownName.ts';
import type { ChatLog } from './ChatLog.ts';
import { countUntil, positionOf } from './chatTimeline.ts';
import './chat.css';

interface ReplayChatProps {
  log: ChatLog;
  chatOffsetSeconds: number;
  positionSeconds: ReadonlySignal<number>;
  onSeek: (positionSeconds: number) => void;
}

/** Limits the size of the list. A button shows more. */
const initialLimit = 120;
const nearBottomPx = 40;

/** The chat up to the current position. It follows the playback unless the user has scrolled up. */
export function ReplayChat({ log, chatOffsetSeconds, positionSeconds, onSeek }: ReplayChatProps) {
  const count = useComputed(() => countUntil(log.messages.value, positionSeconds.value, chatOffsetSeconds)).value;
  const messages = log.messages.value;
  if (log.error.value && messages.length === 0) return <LoadFailure error={log.error.value} onRetry={() => log.load()} />;
  if (!log.isComplete.value && messages.length === 0) return <SkeletonList rows={5} height="3rem" />;
  if (count === 0) return <NoMessagesYet messages={messages} chatOffsetSeconds={chatOffsetSeconds} />;
  return <Messages messages={messages} count={count} chatOffsetSeconds={chatOffsetSeconds} onSeek={onSeek} />;
}

function NoMessagesYet({ messages, chatOffsetSeconds }: { messages: readonly ChatMessage[]; chatOffsetSeconds: number }) {
  const first = messages[0];
  return (
    <EmptyState
      isCentred
      icon={<MessageSquare aria-hidden="true" />}
      title={first ? text.watch.chatNothingYetTitle : text.watch.chatEmptyTitle}
    >
      {first ? text.watch.chatNothingYet(messages.length, formatClock(positionOf(first, chatOffsetSeconds) * 1000)) : text.watch.chatEmpty}
    </EmptyState>
  );
}

interface MessagesProps {
  messages: readonly ChatMessage[];
  count: number;
  chatOffsetSeconds: number;
  onSeek: (positionSeconds: number) => void;
}

function Messages({ messages, count, chatOffsetSeconds, onSeek }: MessagesProps) {
  const list = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const [limit, setLimit] = useState(initialLimit);
  const from = Math.max(0, count - limit);

  function scrollToEnd() {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }

  useLayoutEffect(() => {
    if (isFollowing) scrollToEnd();
  }, [count, isFollowing]);
  // After a resize or when the tab is shown again, the list is no longer scrolled to its end.
  useEffect(() => {
    if (!list.current || !isFollowing) return;
    const observer = new ResizeObserver(scrollToEnd);
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [isFollowing]);

  return (
    <div class="replay-chat">
      <div
        ref={list}
        class="replay-chat__list"
        role="log"
        aria-live="polite"
        aria-label={text.watch.chatLabel}
        tabIndex={0}
        data-scroller
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => setFollowing(scrollHeight - scrollTop - clientHeight < nearBottomPx)}
      >
        {from > 0 ? (
          <div class="replay-chat__earlier">
            <Button variant="quiet" onClick={() => setLimit(limit + 2 * initialLimit)}>
              {text.watch.chatEarlier}
            </Button>
          </div>
        ) : null}
        <ol class="replay-chat__messages">
          {messages.slice(from, count).map((message) => (
            <Message key={message.id} message={message} positionSeconds={positionOf(message, chatOffsetSeconds)} onSeek={onSeek} />
          ))}
        </ol>
      </div>
      {isFollowing ? null : (
        <Button class="replay-chat__now" onClick={() => setFollowing(true)}>
          <ArrowDown aria-hidden="true" size={18} />
          {text.watch.chatToNow}
        </Button>
      )}
    </div>
  );
}

function Message({ message, positionSeconds, onSeek }: { message: ChatMessage; positionSeconds: number; onSeek: (positionSeconds: number) => void }) {
  const clock = formatClock(positionSeconds * 1000);
  return (
    <li class="replay-chat__message">
      <button
        type="button"
        class="replay-chat__time tabular"
        aria-label={text.watch.chatJump(clock)}
        title={text.watch.chatJump(clock)}
        onClick={() => onSeek(Math.max(0, positionSeconds))}
      >
        {clock}
      </button>
      <PersonAvatar userId={message.userId} name={message.displayName} />
      <div class="replay-chat__body">
        <span class="replay-chat__name" dir="auto">{shownName(message.displayName)}</span>
        {message.role === 'student' ? null : <Badge tone="good">{text.watch.roles[message.role]}</Badge>}
        <p class="replay-chat__text" dir="auto">
          <MessageText text={message.text} />
        </p>
      </div>
    </li>
  );
}
