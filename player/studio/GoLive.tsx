import { Radio } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import { ApiError } from '#api/contract';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, ButtonLink, Notice } from '../design/index.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import type { StudioSession } from './StudioSession.ts';
import type { StudioMode } from './studioMode.ts';

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
  const isOnAir = session.isOnAir.value;
  const [other, setOther] = useState<LectureView>();
  const go = useAction(async () => {
    setOther(undefined);
    if (!isStarted) onStarted(await startOnce(lecture, setOther));
    if (mode === 'browser') session.isOnAir.value = true;
  });
  if (mode === 'obs' && isStarted) return null;
  const needsSource = mode === 'browser' && !session.hasSource;
  return (
    <div class="stack-tight studio__go">
      {go.problem ? <Notice tone="danger">{go.problem}</Notice> : null}
      {other ? (
        <ButtonLink isWide href={paths.studio(other.id)}>
          {text.studio.openOther(other.title)}
        </ButtonLink>
      ) : null}
      {isOnAir ? (
        <OnAir session={session} problem={connection.publisher.problem.value} isBlocked={connection.reachability.send.isBlocked.value} />
      ) : (
        <>
          <Button variant="primary" size="large" isWide isBusy={go.isBusy} disabled={needsSource} onClick={() => go.run()}>
            <Radio aria-hidden="true" />
            {labelOf(mode, isStarted)}
          </Button>
          <Hint needsSource={needsSource} isStarted={isStarted} />
        </>
      )}
    </div>
  );
}

function OnAir({ session, problem, isBlocked }: { session: StudioSession; problem: unknown; isBlocked: boolean }) {
  return (
    <>
      {isBlocked ? <Notice tone="danger">{text.studio.mediaBlocked}</Notice> : null}
      {problem === undefined ? null : <Notice tone="danger">{sentenceFor(problem)}</Notice>}
      <Button size="large" isWide onClick={() => (session.isOnAir.value = false)}>
        {text.studio.stopSending}
      </Button>
    </>
  );
}

function Hint({ needsSource, isStarted }: { needsSource: boolean; isStarted: boolean }) {
  if (needsSource) return <p class="small quiet">{text.studio.goLiveNeedsSource}</p>;
  return isStarted ? <p class="small quiet">{text.studio.continueHint}</p> : null;
}

function labelOf(mode: StudioMode, isStarted: boolean): string {
  if (mode === 'obs') return text.studio.obs.startDo;
  return isStarted ? text.studio.continueLive : text.studio.goLive;
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
