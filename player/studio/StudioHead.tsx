import { ArrowLeft, CircleAlert, CircleDot, CloudUpload, Square, Users, Wifi, WifiOff } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import type { RecordingState } from '#engine/contract';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Badge, Button, ConfirmDialog } from '../design/index.ts';
import type { BadgeTone } from '../design/index.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { useSecondTick } from '../live/useSecondTick.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { RecordingNotice } from './RecordingNotice.tsx';

interface StudioHeadProps {
  lecture: LectureView;
  connection: RoomConnection;
  room: RoomState | undefined;
}

/** The status of the lecture: live, recording, people, connection. Has the button that ends the lecture. */
export function StudioHead({ lecture, connection, room }: StudioHeadProps) {
  return (
    <header class="studio__head">
      <a class="button button--quiet button--icon" href={paths.course(lecture.courseId)} aria-label={text.room.backToCourse} title={text.room.backToCourse}>
        <ArrowLeft aria-hidden="true" />
      </a>
      <h1 class="studio__title">{lecture.title}</h1>
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
  return (
    <>
      {room.lecture.state === 'interrupted' ? (
        <Badge tone="warning">{text.studio.interrupted}</Badge>
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
      <Recording state={room.recording} />
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

const recordingTones: Record<RecordingState, BadgeTone> = {
  off: 'normal',
  recording: 'good',
  behind: 'warning',
  failing: 'danger',
  finished: 'good',
};
const recordingIcons = { off: CircleDot, recording: CircleDot, behind: CloudUpload, failing: CircleAlert, finished: CircleDot } as const;

function Recording({ state }: { state: RecordingState }) {
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
