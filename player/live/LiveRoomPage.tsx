import { ArrowLeft, Hand } from 'lucide-preact';
import { paths } from '../app/paths.ts';
import { useToastedAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, Skeleton } from '../design/index.ts';
import { LecturePictures } from '../people/LecturePictures.tsx';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { LiveClip } from '../clips/LiveClip.tsx';
import { FromBeginning } from './FromBeginning.tsx';
import { isRecordingMedia } from './onAir.ts';
import './room.css';
import { RoomBadges } from './RoomBadges.tsx';
import type { RoomConnection } from './RoomConnection.ts';
import { RoomEnd } from './RoomEnd.tsx';
import { RoomSide } from './RoomSide.tsx';
import type { RoomState } from './roomState.ts';
import { Stage } from './Stage.tsx';
import { useRoomConnection } from './useRoomConnection.ts';

/** The live room of a lecture, for viewers. */
export default function LiveRoomPage({ lectureId }: { lectureId: string }) {
  const connection = useRoomConnection(lectureId, 'viewer');
  const phase = connection.phase.value;
  const room = connection.room.value;
  usePageTitle(room?.lecture.title);
  if (phase.name === 'waiting' || phase.name === 'failed' || phase.name === 'left') {
    return <RoomEnd connection={connection} lectureId={lectureId} phase={phase} />;
  }
  return room ? <Room connection={connection} room={room} /> : <JoiningRoom error={phase.name === 'joining' ? phase.error : undefined} />;
}

function Room({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  return (
    <LecturePictures lectureId={room.lecture.id}>
    <main class="room">
      <div class="room__main">
        <Stage connection={connection} room={room} badges={<RoomBadges connection={connection} room={room} />} />
        <div class="room__about">
          <a class="button button--quiet button--icon" href={paths.course(room.lecture.courseId)} aria-label={text.room.backToCourse} title={text.room.backToCourse}>
            <ArrowLeft aria-hidden="true" />
          </a>
          <h1 class="room__title" dir="auto">{room.lecture.title}</h1>
          <div class="room__actions">
            <FromBeginning room={room} />
            <LiveClip lectureId={room.lecture.id} isRecording={isRecordingMedia(room)} />
            <RaiseHand connection={connection} room={room} />
          </div>
        </div>
      </div>
      <aside class="room__side" aria-label={text.room.chat}>
        <RoomSide connection={connection} room={room} />
      </aside>
    </main>
    </LecturePictures>
  );
}

function RaiseHand({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  const { isHandRaised } = room.self;
  const toggle = useToastedAction(async () => {
    await connection.request(isHandRaised ? 'hand.lower' : 'hand.raise', {});
  });
  return (
    <Button variant={isHandRaised ? 'primary' : 'secondary'} onClick={() => toggle.run()}>
      <Hand aria-hidden="true" size={20} />
      {isHandRaised ? text.room.lowerHand : text.room.raiseHand}
    </Button>
  );
}

function JoiningRoom({ error }: { error: unknown }) {
  return (
    <main class="room" aria-busy="true">
      <div class="room__main">
        <div class="stage">
          <div class="stage__note" role="status">
            {error === undefined ? (
              <span class="stage__words">{text.room.joining}</span>
            ) : (
              <span class="stage__words stage__words--tall">
                <strong>{text.room.stillJoining}</strong>
                <span>{sentenceFor(error)}</span>
              </span>
            )}
          </div>
        </div>
        <div class="room__about">
          <Skeleton width="16rem" height="1.75rem" />
        </div>
      </div>
      <aside class="room__side" aria-label={text.room.chat} />
    </main>
  );
}
