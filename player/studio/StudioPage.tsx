import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import { may } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { background } from '../app/background.ts';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { absolute, paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { Shell } from '../app/Shell.tsx';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, CopyField, EmptyState, Tabs, Loading } from '../design/index.ts';
import '../live/room.css';
import { RoomEnd } from '../live/RoomEnd.tsx';
import { RoomSide } from '../live/RoomSide.tsx';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { useHandAnnouncements } from '../live/useHandAnnouncements.ts';
import { useRoomConnection } from '../live/useRoomConnection.ts';
import { LecturePictures } from '../people/LecturePictures.tsx';
import { text } from '../text/index.ts';
import { ControlBar, StudioShortcuts } from './ControlBar.tsx';
import { GoLive } from './GoLive.tsx';
import { NothingSent } from './NothingSent.tsx';
import { ObsPanel } from './ObsPanel.tsx';
import { OnAirStrip } from './OnAirStrip.tsx';
import { hasDevices } from './openDevice.ts';
import { ProgramChoice } from './ProgramChoice.tsx';
import './studio.css';
import { StudioSession } from './StudioSession.ts';
import { EndLecture, StudioHead } from './StudioHead.tsx';
import { isAnythingOnAir, rivalIn } from './studioAir.ts';
import { StudioMain } from './StudioMain.tsx';
import type { StudioMode } from './studioMode.ts';
import { storedMode, storeMode } from './studioMode.ts';
import type { StudioCommand } from './studioKeys.ts';
import { useStudioKeys } from './useStudioKeys.ts';

const refreshMs = 4_000;
type PresentedLecture = LectureView & { role: CourseRole };

/** The studio, where an instructor presents a lecture. */
export default function StudioPage({ lectureId }: { lectureId: string }) {
  const { data: lecture, error, reload, replace } = useLoaded((signal) => api.getLecture({ params: { lectureId } }, { signal }), [lectureId]);
  usePolling(reload, refreshMs);
  usePageTitle(lecture ? `${text.studio.title}: ${lecture.title}` : text.studio.title);
  if (!lecture) {
    return <Shell>{error ? <LoadFailure error={error} onRetry={reload} /> : <Loading label={text.studio.entering} />}</Shell>;
  }
  if (!may(lecture.role, 'lecture.present')) {
    return (
      <Shell>
        <EmptyState isPage title={text.studio.notPresenter} action={<ButtonLink href={paths.live(lecture.id)}>{text.studio.joinInstead}</ButtonLink>}>
          {text.studio.notPresenterMore}
        </EmptyState>
      </Shell>
    );
  }
  return <Studio lecture={lecture} onLecture={(changed) => replace({ ...changed, role: lecture.role })} />;
}

function Studio({ lecture, onLecture }: { lecture: PresentedLecture; onLecture: (lecture: LectureView) => void }) {
  const connection = useRoomConnection(lecture.id, 'presenter', lecture.state === 'scheduled');
  const [mode, setMode] = useState<StudioMode>(storedMode);
  const phase = connection.phase.value;
  const isOver = phase.name === 'left' || phase.name === 'failed';
  const room = lecture.state === 'scheduled' ? undefined : connection.room.value;
  // Until the room is joined, it is not known who presents.
  const isWatching = lecture.state !== 'scheduled' && (room === undefined || rivalIn(room)?.isOwnTab === true);
  const session = useStudioSession(connection, { mode, isOver, isWatching });
  if (phase.name === 'left' || phase.name === 'failed') {
    return <RoomEnd connection={connection} lectureId={lecture.id} phase={phase} />;
  }

  return (
    <LecturePictures lectureId={lecture.id}>
      <StudioDesk lecture={lecture} onLecture={onLecture} connection={connection} room={room} session={session} mode={mode} onMode={setMode} />
    </LecturePictures>
  );
}

interface StudioDeskProps {
  lecture: PresentedLecture;
  onLecture: (lecture: LectureView) => void;
  connection: RoomConnection;
  room: RoomState | undefined;
  session: StudioSession;
  mode: StudioMode;
  onMode: (mode: StudioMode) => void;
}

/** Everything of the studio: the program, the strip with what students get, the controls, and chat and people. */
function StudioDesk({ lecture, onLecture, connection, room, session, mode, onMode }: StudioDeskProps) {
  const [sideTab, setSideTab] = useState('chat');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const side = useRef<HTMLElement>(null);
  const isQuiet = room !== undefined && !isAnythingOnAir(connection, room);
  const goLive = <GoLive lecture={lecture} mode={mode} session={session} connection={connection} onStarted={onLecture} />;
  useHandAnnouncements(connection, room);
  useStudioKeys((command) => runCommand(command, session, () => setHelpOpen(true)));
  const openSide = (tab: 'chat' | 'people') => {
    setSideTab(tab);
    side.current?.scrollIntoView({ behavior: 'smooth' });
  };

  return (
    <main class="studio">
      <StudioHead lecture={lecture} connection={connection} room={room} session={session} />
      <div class="studio__main">
        {isQuiet ? <NothingSent connection={connection} room={room}>{goLive}</NothingSent> : null}
        <StudioMain mode={mode} connection={connection} room={room} session={session} />
      </div>
      <div class="studio__controls">
        {room ? <OnAirStrip connection={connection} room={room} session={session} /> : null}
        {room ? <ProgramChoice connection={connection} room={room} session={session} /> : null}
        <ControlBar
          session={session}
          goLive={isQuiet ? null : goLive}
          end={room ? <EndLecture lecture={lecture} room={room} /> : null}
          onOpenSide={openSide}
          hands={room?.participants.filter(({ isHandRaised }) => isHandRaised).length ?? 0}
        />
        <ModeTabs lecture={lecture} room={room} mode={mode} onMode={onMode} />
      </div>
      <aside ref={side} class="studio__side" aria-label={text.room.chat}>
        {room ? <RoomSide connection={connection} room={room} open={sideTab} onOpen={setSideTab} /> : <Invitation lectureId={lecture.id} />}
      </aside>
      {isHelpOpen ? <StudioShortcuts onClose={() => setHelpOpen(false)} /> : null}
    </main>
  );
}

function runCommand(command: StudioCommand, session: StudioSession, onHelp: () => void): void {
  if (command === 'help') onHelp();
  else if (command !== 'air') session.toggle(command);
  // Going live asks when somebody else is on the air, so that the key only pauses.
  else if (session.isOnAir.peek()) session.isOnAir.value = false;
  else document.querySelector<HTMLButtonElement>('.studio__go .button--primary')?.click();
}

/** Where the video comes from. OBS has a panel. */
function ModeTabs({ lecture, room, mode, onMode }: Pick<StudioDeskProps, 'lecture' | 'room' | 'mode' | 'onMode'>) {
  return (
    <Tabs
      label={text.studio.sources}
      selected={mode}
      onSelect={(key) => {
        const chosen = key === 'obs' ? 'obs' : 'browser';
        storeMode(chosen);
        onMode(chosen);
      }}
      tabs={[
        { key: 'browser', label: text.studio.cameraTab, panel: null },
        {
          key: 'obs',
          label: text.studio.obsTab,
          panel: (
            <div class="studio__panel">
              <ObsPanel courseId={lecture.courseId} role={lecture.role} room={room} />
            </div>
          ),
        },
      ]}
    />
  );
}

function Invitation({ lectureId }: { lectureId: LectureView['id'] }) {
  return (
    <div class="studio__invite">
      <EmptyState title={text.studio.nobodyTitle}>{text.studio.nobody}</EmptyState>
      <CopyField label={text.studio.copyLink} value={absolute(paths.live(lectureId))} />
    </div>
  );
}

/** The sources of this computer, for as long as the page is open. Camera and microphone start immediately, unless OBS is used or another page of the same person presents. */
function useStudioSession(connection: RoomConnection, { mode, isOver, isWatching }: { mode: StudioMode; isOver: boolean; isWatching: boolean }): StudioSession {
  const session = useMemo(() => new StudioSession(connection), [connection]);
  useEffect(() => () => session.close(), [session]);
  useEffect(() => {
    if (!hasDevices()) return;
    const list = () => background(session.listDevices());
    navigator.mediaDevices.addEventListener('devicechange', list);
    return () => navigator.mediaDevices.removeEventListener('devicechange', list);
  }, [session]);
  useEffect(() => {
    if (isOver || (mode === 'obs' && !session.isOnAir.peek())) session.goOffAir();
    if (isOver || isWatching || mode !== 'browser' || !hasDevices()) return;
    background(session.startDevices());
  }, [session, mode, isOver, isWatching]);
  useWarningBeforeLeaving(session);
  return session;
}

function useWarningBeforeLeaving(session: StudioSession): void {
  const isOnAir = session.isOnAir.value;
  useEffect(() => {
    if (!isOnAir) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isOnAir]);
}
