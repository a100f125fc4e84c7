import { Pause, Radio } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import { ApiError } from '#api/contract';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import type { Action } from '../app/useAction.ts';
import { useAction } from '../app/useAction.ts';
import { Button, ButtonLink, ConfirmDialog, Notice } from '../design/index.ts';
import { isEncoderOnStandby, mainOnAir } from '../live/onAir.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { rivalIn } from './studioAir.ts';
import type { Rival } from './studioAir.ts';
import type { StudioSession } from './StudioSession.ts';
import type { StudioMode } from './studioMode.ts';

/** Browsers can be built or set up without WebRTC. */
const hasWebRtc = 'RTCPeerConnection' in globalThis;

interface GoLiveProps {
  lecture: LectureView;
  mode: StudioMode;
  session: StudioSession;
  connection: RoomConnection;
  onStarted: (lecture: LectureView) => void;
}

/** The main button: starts the lecture, or resumes a live one, and publishes the sources that are on. */
export function GoLive({ lecture, mode, session, connection, onStarted }: GoLiveProps) {
  const isStarted = lecture.state === 'live' || lecture.state === 'interrupted';
  const room = isStarted ? connection.room.value : undefined;
  const [other, setOther] = useState<LectureView>();
  const go = useAction(async () => {
    setOther(undefined);
    if (mode === 'browser' && !session.hasSource) await session.startDevices();
    if (!isStarted) onStarted(await startOnce(lecture, setOther));
    if (mode === 'browser') session.isOnAir.value = true;
  });
  if (mode === 'obs' && isStarted) return null;
  return (
    <div class="stack-tight studio__go">
      {go.problem ? <Notice tone="danger">{go.problem}</Notice> : null}
      {other ? (
        <ButtonLink isWide href={paths.studio(other.id)}>
          {text.studio.openOther(other.title)}
        </ButtonLink>
      ) : null}
      {session.isOnAir.value ? <OnAir session={session} connection={connection} room={room} /> : <OffAir mode={mode} isStarted={isStarted} session={session} connection={connection} room={room} go={go} />}
    </div>
  );
}

interface OffAirProps {
  mode: StudioMode;
  isStarted: boolean;
  session: StudioSession;
  connection: RoomConnection;
  room: RoomState | undefined;
  go: Action<[]>;
}

function OffAir({ mode, isStarted, session, connection, room, go }: OffAirProps) {
  const [isAsking, setAsking] = useState(false);
  if (mode === 'browser' && !(hasWebRtc && connection.hasWebRtc.value)) return <Notice tone="danger">{text.studio.noWebRtc}</Notice>;
  const rival = mode === 'browser' ? rivalIn(room) : undefined;
  const needsSource = lacksSource(mode, session, rival);
  // Who is on the air is known once the room is joined.
  const isJoining = isStarted && !room;
  return (
    <>
      {rival ? <RivalNotice rival={rival} wasTakenOver={session.wasTakenOver.value} /> : null}
      <Button variant="primary" isBusy={go.isBusy || isJoining} disabled={needsSource} onClick={() => (rival ? setAsking(true) : go.run())}>
        <Radio aria-hidden="true" />
        {labelOf(mode, room)}
      </Button>
      <Hint needsSource={needsSource} room={rival ? undefined : room} />
      {isAsking && rival ? (
        <TakeOverDialog
          rival={rival}
          onTakeOver={() => {
            setAsking(false);
            go.run();
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** A page that watches starts its devices when it takes over. */
function lacksSource(mode: StudioMode, session: StudioSession, rival: Rival | undefined): boolean {
  return mode === 'browser' && !session.hasSource && rival?.isOwnTab !== true;
}

function TakeOverDialog({ rival, onTakeOver, onClose }: { rival: Rival; onTakeOver: () => void; onClose: () => void }) {
  return (
    <ConfirmDialog
      variant="primary"
      title={text.studio.takeOverTitle(rival.name)}
      message={rival.isEncoder ? text.studio.takeOverEncoder : text.studio.takeOverPresenter}
      confirmLabel={text.studio.takeOverDo}
      onConfirm={onTakeOver}
      onClose={onClose}
    />
  );
}

function RivalNotice({ rival, wasTakenOver }: { rival: Rival; wasTakenOver: boolean }) {
  if (wasTakenOver) return <Notice tone="warning">{text.studio.takenOver(rival.name)}</Notice>;
  return (
    <Notice>
      <div>{text.studio.onAirHint(rival.name)}</div>
      {rival.isOwnTab ? <div>{text.studio.watchingHere}</div> : null}
    </Notice>
  );
}

function OnAir({ session, connection, room }: { session: StudioSession; connection: RoomConnection; room: RoomState | undefined }) {
  const problem = connection.publisher.problem.value;
  return (
    <>
      {connection.hasWebRtc.value ? null : <Notice tone="danger">{text.studio.noWebRtc}</Notice>}
      {connection.reachability.send.isBlocked.value ? <Notice tone="danger">{text.studio.mediaBlocked}</Notice> : null}
      {problem === undefined ? null : <Notice tone="danger">{sentenceFor(problem)}</Notice>}
      {session.wasTakenOver.value ? <Notice tone="warning">{text.studio.screenOnly}</Notice> : null}
      {room && isEncoderOnStandby(room) && !mainOnAir(room) ? <Notice>{text.studio.encoderStandby}</Notice> : null}
      <Button onClick={() => (session.isOnAir.value = false)}>
        <Pause aria-hidden="true" size={18} />
        <span class="control__label">{text.studio.stopSending}</span>
      </Button>
    </>
  );
}

function Hint({ needsSource, room }: { needsSource: boolean; room: RoomState | undefined }) {
  if (needsSource) return <p class="small quiet">{text.studio.goLiveNeedsSource}</p>;
  return room ? <p class="small quiet">{room.hasBroadcast ? text.studio.continueHint : text.studio.startedHint}</p> : null;
}

function labelOf(mode: StudioMode, room: RoomState | undefined): string {
  if (mode === 'obs') return text.studio.obs.startDo;
  return room?.hasBroadcast ? text.studio.continueLive : text.studio.goLive;
}

/** Starts the lecture. OBS or another tab may have started it already. If another lecture of the course is live, `onOther` gets it. */
async function startOnce(lecture: LectureView, onOther: (other: LectureView | undefined) => void): Promise<LectureView> {
  try {
    return await api.startLecture({ body: { lectureId: lecture.id } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'lecture.alreadyLive') throw error;
    const { lectures } = await api.listLectures({ params: { courseId: lecture.courseId } });
    const live = lectures.find(({ state }) => state === 'live' || state === 'interrupted');
    if (live?.id === lecture.id) return live;
    onOther(live);
    throw error;
  }
}
