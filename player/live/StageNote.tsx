import { AudioLines, WifiOff } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import type { Publication } from '#engine/contract';
import { text } from '../text/index.ts';
import { FromBeginning } from './FromBeginning.tsx';
import { othersOnAir } from './onAir.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';
import { isVideoOff } from './stagePlan.ts';

interface StageNoteProps {
  connection: RoomConnection;
  room: RoomState;
  hasVideo: boolean;
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

function noteFor({ connection, room, hasVideo, presenterTexts }: StageNoteProps): ComponentChildren {
  const phase = connection.phase.value;
  if (phase.name === 'reconnecting') {
    return (
      <span class="stage__words">
        <WifiOff aria-hidden="true" />
        {phase.isServerRestarting ? text.room.serverRestarting : text.room.connectionLost}
      </span>
    );
  }
  const publications = othersOnAir(room);
  const obstacle = obstacleOf(connection, publications, hasVideo);
  if (obstacle) return <Obstacle obstacle={obstacle} room={room} isPresenter={presenterTexts !== undefined} />;
  if (room.lecture.state === 'interrupted') {
    if (presenterTexts) return <span class="stage__words">{presenterTexts.interrupted}</span>;
    return <TitledNote title={text.room.instructorReconnecting}>{text.room.instructorReconnectingMore}</TitledNote>;
  }
  if (hasVideo) return null;
  if (isVideoOff(publications)) {
    return (
      <span class="stage__words">
        <AudioLines aria-hidden="true" />
        {text.room.audioOnly}
      </span>
    );
  }
  if (publications.length > 0) return <span class="stage__words">{text.room.loadingVideo}</span>;
  if (presenterTexts) return <span class="stage__words">{presenterTexts.empty}</span>;
  if (room.hasBroadcast) return <TitledNote title={text.room.broadcastPaused}>{text.room.instructorReconnectingMore}</TitledNote>;
  return <span class="stage__words">{text.room.noTracks}</span>;
}

/**
 * Why this page gets no live video although one is published. `full`: the server can send it to nobody else. `noWebRtc`: the
 * browser has no WebRTC. `blocked`: the network blocks the media. `unsupported`: the browser cannot decode the format.
 */
type VideoObstacle = 'full' | 'noWebRtc' | 'blocked' | 'unsupported';

function obstacleOf({ hasWebRtc, reachability, receiver }: RoomConnection, publications: readonly Publication[], hasVideo: boolean): VideoObstacle | undefined {
  if (publications.length === 0) return undefined;
  if (!hasWebRtc.value) return 'noWebRtc';
  if (receiver.isFull.value) return 'full';
  if (reachability.recv.isBlocked.value) return 'blocked';
  const isUnsupported = publications.some(({ id, kind }) => kind === 'video' && receiver.unsupported.value.has(id));
  return isUnsupported && !hasVideo ? 'unsupported' : undefined;
}

/** A recording is loaded over HTTP like the pages, and is decoded by another part of the browser: it can be watched. */
function Obstacle({ obstacle, room, isPresenter }: { obstacle: VideoObstacle; room: RoomState; isPresenter: boolean }) {
  const { title, more, moreRecorded, morePresenter } = text.room.obstacles[obstacle];
  if (isPresenter) return <TitledNote title={title}>{morePresenter}</TitledNote>;
  if (room.recording === 'off') return <TitledNote title={title}>{more}</TitledNote>;
  return (
    <TitledNote title={title} action={<FromBeginning room={room} class="stage__button" />}>
      {moreRecorded}
    </TitledNote>
  );
}

function TitledNote({ title, action, children }: { title: string; action?: ComponentChildren; children: ComponentChildren }) {
  return (
    <span class="stage__words stage__words--tall">
      <strong>{title}</strong>
      <span>{children}</span>
      {action}
    </span>
  );
}
