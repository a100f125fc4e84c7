import { AudioLines, WifiOff } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { text } from '../text/index.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';

interface StageNoteProps {
  connection: RoomConnection;
  room: RoomState;
  hasVideo: boolean;
  hasAudio: boolean;
  /** What to say to whoever sends: while nothing is sent at all, and after it broke off. */
  presenterTexts?: { empty: string; interrupted: string };
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

function noteFor({ connection, room, hasVideo, hasAudio, presenterTexts }: StageNoteProps): ComponentChildren {
  const phase = connection.phase.value;
  if (phase.name === 'reconnecting') {
    return (
      <span class="stage__words">
        <WifiOff aria-hidden="true" />
        {phase.isServerRestarting ? text.room.serverRestarting : text.room.connectionLost}
      </span>
    );
  }
  if (isVideoBlocked(connection, room)) return <BlockedNote canReplay={!presenterTexts && room.recording !== 'off'} />;
  if (room.lecture.state === 'interrupted') {
    if (presenterTexts) return <span class="stage__words">{presenterTexts.interrupted}</span>;
    return <TitledNote title={text.room.instructorReconnecting}>{text.room.instructorReconnectingMore}</TitledNote>;
  }
  if (hasVideo) return null;
  if (hasAudio) {
    return (
      <span class="stage__words">
        <AudioLines aria-hidden="true" />
        {text.room.noPicture}
      </span>
    );
  }
  return <span class="stage__words">{room.publications.length > 0 ? text.room.waitingForPicture : (presenterTexts?.empty ?? text.room.noTracks)}</span>;
}

/** There is something to be seen, and it does not get through. */
function isVideoBlocked({ reachability }: RoomConnection, { publications }: RoomState): boolean {
  return reachability.recv.isBlocked.value && publications.length > 0;
}

/** A recording comes over the way of the pages. */
function BlockedNote({ canReplay }: { canReplay: boolean }) {
  return <TitledNote title={text.room.mediaBlocked}>{canReplay ? text.room.mediaBlockedRecorded : text.room.mediaBlockedMore}</TitledNote>;
}

function TitledNote({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <span class="stage__words stage__words--tall">
      <strong>{title}</strong>
      <span>{children}</span>
    </span>
  );
}
