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
  /** Texts for the presenter: while nothing is published, and after the broadcast was interrupted. */
  presenterTexts?: { empty: string; interrupted: string };
}

/** A sentence over the video while something is missing, instead of an endless spinner. */
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
        {text.room.audioOnly}
      </span>
    );
  }
  return <span class="stage__words">{room.publications.length > 0 ? text.room.loadingVideo : (presenterTexts?.empty ?? text.room.noTracks)}</span>;
}

/** There are publications, but their media does not get through. */
function isVideoBlocked({ reachability }: RoomConnection, { publications }: RoomState): boolean {
  return reachability.recv.isBlocked.value && publications.length > 0;
}

/** A recording is loaded over HTTP like the pages, so it can be watched. */
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
