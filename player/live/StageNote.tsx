import { CirclePause, Clapperboard, WifiOff } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { FromBeginning } from './FromBeginning.tsx';
import { othersOnAir } from './onAir.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';
import { presenterOf } from './SpeakerBadge.tsx';
import { AudioCover, Cover, PresenterCover } from './StageCover.tsx';
import type { StageState, VideoObstacle } from './stagePlan.ts';
import type { LevelSource } from './useAudioLevel.ts';
import { useSecondTick } from './useSecondTick.ts';

interface StageNoteProps {
  connection: RoomConnection;
  room: RoomState;
  state: StageState;
  audio: LevelSource | undefined;
  /** Texts for the presenter: while nothing is published, and after the broadcast was interrupted. */
  presenterTexts?: { empty: string; interrupted: string };
}

/** What is said on the stage while something is missing, instead of an endless spinner. */
export function StageNote(props: StageNoteProps) {
  const note = noteFor(props);
  return (
    <div class={`stage__note ${note ? '' : 'stage__note--none'}`} role="status">
      {note}
    </div>
  );
}

function noteFor({ connection, room, state, audio, presenterTexts }: StageNoteProps): ComponentChildren {
  switch (state.name) {
    case 'video':
      return null;
    case 'reconnecting':
      return (
        <span class="stage__words">
          <WifiOff aria-hidden="true" />
          {state.isServerRestarting ? text.room.serverRestarting : text.room.connectionLost}
          <Since sinceMs={connection.lostAtMs.value} nowMs={() => performance.now()} />
        </span>
      );
    case 'obstacle':
      return <Obstacle obstacle={state.obstacle} room={room} isPresenter={presenterTexts !== undefined} />;
    case 'interrupted':
      if (presenterTexts) return <span class="stage__words">{presenterTexts.interrupted}</span>;
      return (
        <TitledNote title={<>{text.room.instructorReconnecting} <GapTime connection={connection} room={room} /></>}>{text.room.instructorReconnectingMore}</TitledNote>
      );
    case 'cameraOff':
      return <PresenterCover presenter={presenterOf(room, othersOnAir(room))} isMuted={state.isMuted} audio={audio} />;
    case 'audioOnly':
      return <AudioCover audio={audio} />;
    case 'loading':
      return <span class="stage__words">{text.room.loadingVideo}</span>;
    default:
      return emptyNote({ connection, room, isPaused: state.name === 'paused', presenterTexts });
  }
}

/** Nothing is sent. */
function emptyNote({ connection, room, isPaused, presenterTexts }: Pick<StageNoteProps, 'connection' | 'room' | 'presenterTexts'> & { isPaused: boolean }): ComponentChildren {
  if (presenterTexts) return <span class="stage__words">{presenterTexts.empty}</span>;
  if (!isPaused) return <Cover figure={<Clapperboard aria-hidden="true" class="cover__icon" />} title={<span dir="auto">{room.lecture.title}</span>}><span>{text.room.noTracks}</span></Cover>;
  return (
    <TitledNote title={<><CirclePause aria-hidden="true" size={20} /> {text.room.broadcastPaused} <GapTime connection={connection} room={room} /></>}>{text.room.instructorReconnectingMore}</TitledNote>
  );
}

/** How long media has been missing. */
function GapTime({ connection, room }: Pick<StageNoteProps, 'connection' | 'room'>) {
  return <Since sinceMs={room.gap?.sinceMs} nowMs={() => connection.clockMs() ?? 0} />;
}

/** Not read out: it changes every second. */
function Since({ sinceMs, nowMs }: { sinceMs: number | undefined; nowMs: () => number }) {
  useSecondTick();
  if (sinceMs === undefined) return null;
  return (
    <span class="stage__since tabular" aria-hidden="true">
      {formatClock(Math.max(0, nowMs() - sinceMs))}
    </span>
  );
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

function TitledNote({ title, action, children }: { title: ComponentChildren; action?: ComponentChildren; children: ComponentChildren }) {
  return (
    <span class="stage__words stage__words--tall">
      <strong class="stage__title">{title}</strong>
      <span>{children}</span>
      {action}
    </span>
  );
}
