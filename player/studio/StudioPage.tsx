import { useEffect, useMemo, useState } from 'preact/hooks';
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
import { useRoomConnection } from '../live/useRoomConnection.ts';
import { text } from '../text/index.ts';
import { GoLive } from './GoLive.tsx';
import { ObsPanel } from './ObsPanel.tsx';
import { hasDevices } from './openDevice.ts';
import { SourcePanel } from './SourcePanel.tsx';
import './studio.css';
import { StudioSession } from './StudioSession.ts';
import { StudioHead } from './StudioHead.tsx';
import { StudioMain } from './StudioMain.tsx';
import type { StudioMode } from './studioMode.ts';
import { storedMode, storeMode } from './studioMode.ts';

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
  const session = useStudioSession(connection, mode, isOver);
  const room = lecture.state === 'scheduled' ? undefined : connection.room.value;
  if (phase.name === 'left' || phase.name === 'failed') {
    return <RoomEnd connection={connection} lectureId={lecture.id} phase={phase} />;
  }

  const goLive = <GoLive lecture={lecture} mode={mode} session={session} connection={connection} onStarted={onLecture} />;
  return (
    <main class="studio">
      <StudioHead lecture={lecture} connection={connection} room={room} session={session} />
      <StudioMain mode={mode} connection={connection} room={room} session={session} />
      <div class="studio__controls">
        <Tabs
          label={text.studio.sources}
          selected={mode}
          onSelect={(key) => {
            const chosen = key === 'obs' ? 'obs' : 'browser';
            storeMode(chosen);
            setMode(chosen);
          }}
          tabs={[
            {
              key: 'browser',
              label: text.studio.cameraTab,
              panel: (
                <div class="studio__panel">
                  {goLive}
                  <SourcePanel session={session} />
                </div>
              ),
            },
            {
              key: 'obs',
              label: text.studio.obsTab,
              panel: (
                <div class={`studio__panel ${room ? 'studio__panel--wide' : ''}`}>
                  {goLive}
                  <ObsPanel courseId={lecture.courseId} role={lecture.role} room={room} />
                </div>
              ),
            },
          ]}
        />
      </div>
      <aside class="studio__side" aria-label={text.room.chat}>
        {room ? (
          <RoomSide connection={connection} room={room} />
        ) : (
          <div class="studio__invite">
            <EmptyState title={text.studio.nobodyTitle}>{text.studio.nobody}</EmptyState>
            <CopyField label={text.studio.copyLink} value={absolute(paths.live(lecture.id))} />
          </div>
        )}
      </aside>
    </main>
  );
}

/** The sources of this computer, for as long as the page is open. Camera and microphone start immediately, unless OBS is used. */
function useStudioSession(connection: RoomConnection, mode: StudioMode, isOver: boolean): StudioSession {
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
    if (isOver || mode !== 'browser' || !hasDevices()) return;
    const { camera, microphone } = session.sources;
    const starts = [camera, microphone].filter(({ state }) => state.peek().status === 'off').map((source) => source.start());
    background(Promise.all(starts).then(() => session.listDevices()));
  }, [session, mode, isOver]);
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
