import { ArrowLeft, Hand, History } from 'lucide-preact';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, ButtonLink, Skeleton } from '../design/index.ts';
import { text } from '../text/index.ts';
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
  return room ? <Room connection={connection} room={room} /> : <JoiningRoom />;
}

function Room({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  return (
    <main class="room">
      <div class="room__main">
        <Stage connection={connection} room={room} badges={<RoomBadges connection={connection} room={room} />} />
        <div class="room__about">
          <a class="button button--quiet button--icon" href={paths.course(room.lecture.courseId)} aria-label={text.room.backToCourse} title={text.room.backToCourse}>
            <ArrowLeft aria-hidden="true" />
          </a>
          <h1 class="room__title">{room.lecture.title}</h1>
          <div class="room__actions">
            <FromBeginning room={room} />
            <RaiseHand connection={connection} room={room} />
          </div>
        </div>
      </div>
      <aside class="room__side" aria-label={text.room.chat}>
        <RoomSide connection={connection} room={room} />
      </aside>
    </main>
  );
}

/** A link to the recording so far, for viewers who joined late. */
function FromBeginning({ room }: { room: RoomState }) {
  const lectureId = room.lecture.id;
  const { data } = useLoaded((signal) => api.getLecture({ params: { lectureId } }, { signal }), [lectureId, room.recording]);
  if (!data?.videoId) return null;
  return (
    <ButtonLink variant="quiet" href={paths.watch(data.videoId)}>
      <History aria-hidden="true" size={20} />
      {text.room.fromBeginning}
    </ButtonLink>
  );
}

function RaiseHand({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  const { isHandRaised } = room.self;
  const toggle = useToastedAction(async () => {
    await connection.request(isHandRaised ? 'hand.lower' : 'hand.raise', {});
  });
  return (
    <Button variant={isHandRaised ? 'primary' : 'secondary'} aria-pressed={isHandRaised} onClick={() => toggle.run()}>
      <Hand aria-hidden="true" size={20} />
      {isHandRaised ? text.room.lowerHand : text.room.raiseHand}
    </Button>
  );
}

function JoiningRoom() {
  return (
    <main class="room" aria-busy="true">
      <div class="room__main">
        <div class="stage">
          <div class="stage__note" role="status">
            <span class="stage__words">{text.room.joining}</span>
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
