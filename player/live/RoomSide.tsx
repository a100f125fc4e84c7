import { Hand } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Chat } from '../chat/Chat.tsx';
import { Tabs } from '../design/index.ts';
import { text } from '../text/index.ts';
import { PeoplePanel } from './PeoplePanel.tsx';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';

interface RoomSideProps {
  connection: RoomConnection;
  room: RoomState;
  /** With `onOpen`, the parent controls which tab is open. */
  open?: string;
  onOpen?: (tab: string) => void;
}

/** Chat and people, beside the video, or below it on a phone. */
export function RoomSide({ connection, room, open: opened, onOpen }: RoomSideProps) {
  const [own, setOwn] = useState('chat');
  const open = opened ?? own;
  const setOpen = onOpen ?? setOwn;
  const hands = room.participants.filter(({ isHandRaised }) => isHandRaised).length;
  const unread = useUnread(room, open === 'chat');
  return (
      <Tabs
        class="room__tabs"
        label={`${text.room.chat}, ${text.room.peopleTab}`}
        selected={open}
        onSelect={setOpen}
        tabs={[
          {
            key: 'chat',
            label: (
              <>
                {text.room.chat}
                {unread > 0 ? (
                  <span class="room__count tabular">
                    <span aria-hidden="true">{unread}</span>
                    <span class="unseen">{text.chat.unread(unread)}</span>
                  </span>
                ) : null}
              </>
            ),
            panel: <Chat connection={connection} room={room} />,
          },
          {
            key: 'people',
            label: (
              <>
                {text.room.peopleTab}
                <span class="quiet tabular">{room.participantCount}</span>
                {hands > 0 ? (
                  <span class="room__hands tabular">
                    <Hand aria-hidden="true" size={16} />
                    <span aria-hidden="true">{hands}</span>
                    <span class="unseen">{text.room.handsUp(hands)}</span>
                  </span>
                ) : null}
              </>
            ),
            panel: <PeoplePanel connection={connection} room={room} />,
          },
        ]}
      />
  );
}

/** The number of messages that arrived while another tab was open. */
function useUnread(room: RoomState, isOpen: boolean): number {
  const seenAtMs = useRef(room.chat.at(-1)?.atMs ?? 0);
  const lastAtMs = room.chat.at(-1)?.atMs ?? 0;
  useEffect(() => {
    if (isOpen) seenAtMs.current = lastAtMs;
  }, [isOpen, lastAtMs]);
  if (isOpen) return 0;
  return room.chat.filter(({ atMs, userId }) => atMs > seenAtMs.current && userId !== room.self.userId).length;
}
