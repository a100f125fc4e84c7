import { Square, Wifi, WifiOff } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Badge, Button, ConfirmDialog } from '../design/index.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { useSecondTick } from '../live/useSecondTick.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { BackToCourse } from './BackToCourse.tsx';
import { RecordingNotice } from './RecordingNotice.tsx';
import { isAnythingOnAir } from './studioAir.ts';
import type { StudioSession } from './StudioSession.ts';

interface StudioHeadProps {
  lecture: LectureView;
  connection: RoomConnection;
  room: RoomState | undefined;
  session: StudioSession;
}

/** The title of the lecture, whether it is live, the connection, and what is wrong with the recording. */
export function StudioHead({ lecture, connection, room, session }: StudioHeadProps) {
  return (
    <header class="studio__head">
      <BackToCourse lecture={lecture} isOnAir={session.isOnAir.value} />
      <h1 class="studio__title" dir="auto">{lecture.title}</h1>
      <div class="studio__facts">
        {room ? <Facts connection={connection} room={room} /> : <Badge>{text.studio.notLive}</Badge>}
      </div>
      <RecordingNotice note={room?.recordingNote ?? null} />
    </header>
  );
}

function Facts({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  useSecondTick();
  const isConnected = connection.isJoined.value && !isMediaBlocked(connection);
  const isOnAir = isAnythingOnAir(connection, room);
  return (
    <>
      {room.lecture.state === 'interrupted' || !isOnAir ? (
        <Badge tone="warning">{text.studio.nothingOnAir}</Badge>
      ) : (
        <Badge tone="live" hasDot>
          <span>{text.studio.live}</span>
          <span class="tabular">{formatClock(connection.clockMs() ?? 0)}</span>
        </Badge>
      )}
      <span role="status">
        <Badge tone={isConnected ? 'normal' : 'warning'}>
          {isConnected ? <Wifi aria-hidden="true" /> : <WifiOff aria-hidden="true" />}
          {connectionLabel(connection)}
        </Badge>
      </span>
    </>
  );
}

function isMediaBlocked({ reachability }: RoomConnection): boolean {
  return reachability.send.isBlocked.value || reachability.recv.isBlocked.value;
}

function connectionLabel(connection: RoomConnection): string {
  const { connected, mediaBlocked, restarting, reconnecting } = text.studio.connection;
  const { phase } = connection;
  if (phase.value.name === 'joined') return isMediaBlocked(connection) ? mediaBlocked : connected;
  return phase.value.name === 'reconnecting' && phase.value.isServerRestarting ? restarting : reconnecting;
}

/** The button that ends the lecture, after a question. */
export function EndLecture({ lecture, room }: { lecture: LectureView; room: RoomState }) {
  const [isAsking, setAsking] = useState(false);
  const end = useToastedAction(async () => {
    await api.endLecture({ params: { lectureId: lecture.id } });
    setAsking(false);
  });
  return (
    <>
      <Button class="bar__end" variant="danger" onClick={() => setAsking(true)}>
        <Square aria-hidden="true" size={18} />
        <span class="control__label">{text.studio.endLecture}</span>
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={text.studio.endTitle}
          message={text.studio.endMessage(text.studio.watching(room.participantCount))}
          confirmLabel={text.studio.endDo}
          isBusy={end.isBusy}
          onConfirm={() => end.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
