import { AudioLines, WifiOff } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { text } from '../text/index.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';

interface StageNoteProps {
  connection: RoomConnection;
  room: RoomState;
  hasPicture: boolean;
  hasSound: boolean;
  /** What to say to whoever sends: while nothing is sent at all, and after it broke off. */
  senderWords?: { empty: string; interrupted: string };
}

/** What stands over the picture while something is missing: a calm sentence, never a spinner for ever. */
export function StageNote(props: StageNoteProps) {
  const note = noteFor(props);
  return (
    <div class={`stage__note ${note ? '' : 'stage__note--none'}`} role="status">
      {note}
    </div>
  );
}

function noteFor({ connection, room, hasPicture, hasSound, senderWords }: StageNoteProps): ComponentChildren {
  const phase = connection.phase.value;
  if (phase.name === 'returning') {
    return (
      <span class="stage__words">
        <WifiOff aria-hidden="true" />
        {phase.isServerRestarting ? text.room.serverRestarting : text.room.connectionLost}
      </span>
    );
  }
  if (isKeptBack(connection, room)) return <BlockedWords canReplay={!senderWords && room.recording !== 'off'} />;
  if (room.lecture.state === 'interrupted') {
    if (senderWords) return <span class="stage__words">{senderWords.interrupted}</span>;
    return <TallWords title={text.room.instructorReconnecting}>{text.room.instructorReconnectingMore}</TallWords>;
  }
  if (hasPicture) return null;
  if (hasSound) {
    return (
      <span class="stage__words">
        <AudioLines aria-hidden="true" />
        {text.room.noPicture}
      </span>
    );
  }
  return <span class="stage__words">{room.publications.length > 0 ? text.room.waitingForPicture : (senderWords?.empty ?? text.room.noTracks)}</span>;
}

/** There is something to be seen, and it does not get through. */
function isKeptBack({ reach }: RoomConnection, { publications }: RoomState): boolean {
  return reach.recv.isBlocked.value && publications.length > 0;
}

/** A recording comes over the way of the pages. */
function BlockedWords({ canReplay }: { canReplay: boolean }) {
  return <TallWords title={text.room.mediaBlocked}>{canReplay ? text.room.mediaBlockedRecorded : text.room.mediaBlockedMore}</TallWords>;
}

function TallWords({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <span class="stage__words stage__words--tall">
      <strong>{title}</strong>
      <span>{children}</span>
    </span>
  );
}
