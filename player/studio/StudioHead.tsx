import { CircleAlert, CircleDot, CloudUpload, Square, Users, Wifi, WifiOff } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import type { RecordingState } from '#engine/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Badge, Button, ConfirmDialog } from '../design/index.ts';
import type { BadgeTone } from '../design/index.ts';
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

/** The status of the lecture: live, recording, people, connection. Has the button that ends the lecture. */
export function StudioHead({ lecture, connection, room, session }: StudioHeadProps) {
  return (
    <header class="studio__head">
      <BackToCourse lecture={lecture} isOnAir={session.isOnAir.value} />
      <h1 class="studio__title" dir="auto">{lecture.title}</h1>
      <div class="studio__facts">
        {room ? <Facts connection={connection} room={room} /> : <Badge>{text.studio.notLive}</Badge>}
      </div>
      {room ? <EndLecture lecture={lecture} room={room} /> : null}
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
      <Badge>
        <Users aria-hidden="true" />
        <span class="tabular">{text.studio.watching(room.participantCount)}</span>
      </Badge>
      <Recording state={room.recording === 'recording' && !isOnAir ? 'waiting' : room.recording} />
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

/** `waiting`: nothing is on the air. */
type ShownRecording = RecordingState | 'waiting';

const recordingTones: Record<ShownRecording, BadgeTone> = {
  off: 'normal',
  waiting: 'normal',
  recording: 'good',
  behind: 'warning',
  failing: 'danger',
  finished: 'good',
};
const recordingIcons = { off: CircleDot, waiting: CircleDot, recording: CircleDot, behind: CloudUpload, failing: CircleAlert, finished: CircleDot } as const;

function Recording({ state }: { state: ShownRecording }) {
  const Icon = recordingIcons[state];
  return (
    <span role="status">
      <Badge tone={recordingTones[state]}>
        <Icon aria-hidden="true" />
        {text.studio.recording[state]}
      </Badge>
    </span>
  );
}

function EndLecture({ lecture, room }: { lecture: LectureView; room: RoomState }) {
  const [isAsking, setAsking] = useState(false);
  const end = useToastedAction(async () => {
    await api.endLecture({ params: { lectureId: lecture.id } });
    setAsking(false);
  });
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        <Square aria-hidden="true" size={18} />
        {text.studio.endLecture}
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
