import { CircleHelp } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CourseDetail, PlaybackView, VideoMoment } from '#api/contract';
import { may } from '#engine/contract';
import { background } from '../app/background.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, showToast } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import { AddMomentDialog } from './AddMomentDialog.tsx';
import { AskDialog } from './AskDialog.tsx';
import { momentToAsk } from './momentToAsk.ts';
import './quizzes.css';

interface VideoQuestionsProps {
  playback: PlaybackView;
  player: ReplayPlayer | undefined;
}

const shownAt = (seconds: number) => formatClock(seconds * 1000);

/** Pauses a video where it asks something, and shows where that is. Instructors add questions here. */
export function VideoQuestions({ playback: { video }, player }: VideoQuestionsProps) {
  const params = { videoId: video.id };
  const { data, reload } = useLoaded((signal) => Promise.all([api.listVideoQuestions({ params }, { signal }), api.getCourse({ params: { courseId: video.courseId } }, { signal })]), [video.id]);
  const { moments, canEdit } = loadedOf(data);
  const { asked, close } = useAsking(player, moments);
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<VideoMoment>();
  const remove = useToastedAction(async ({ id: momentId }: VideoMoment) => {
    await api.removeVideoQuestion({ params: { ...params, momentId } });
    showToast({ text: text.quizzes.video.removed });
    setRemoving(undefined);
    reload();
  });
  if (!player || (moments.length === 0 && !canEdit)) return null;
  return (
    <section class="video-marks" aria-label={text.quizzes.video.marks}>
      {moments.length > 0 ? <Marks moments={moments} durationSeconds={durationOf(player, video)} onChoose={(moment) => (canEdit ? setRemoving(moment) : player.seekTo(Math.max(0, moment.atSeconds - 1)))} /> : null}
      {canEdit ? (
        <Button
          variant="quiet"
          onClick={() => {
            player.pause();
            setAdding(true);
          }}
        >
          <CircleHelp aria-hidden="true" size={20} />
          {text.quizzes.video.add}
        </Button>
      ) : null}
      {isAdding ? <AddMomentDialog courseId={video.courseId} videoId={video.id} atSeconds={player.positionSeconds.value} onClose={() => setAdding(false)} onAdded={reload} /> : null}
      {removing ? <ConfirmDialog title={text.quizzes.video.remove(shownAt(removing.atSeconds))} message={removing.quizTitle} confirmLabel={text.quizzes.remove} isBusy={remove.isBusy} onConfirm={() => remove.run(removing)} onClose={() => setRemoving(undefined)} /> : null}
      {asked ? (
        <AskDialog
          key={asked.id}
          videoId={video.id}
          moment={asked}
          onClose={(isDone) => {
            close(isDone);
            if (isDone) reload();
          }}
        />
      ) : null}
    </section>
  );
}

/** The moment that is asked now. The video waits until it is answered; one that is required and left open is asked again when it goes on. */
function useAsking(player: ReplayPlayer | undefined, moments: readonly VideoMoment[]) {
  const [asked, setAsked] = useState<VideoMoment>();
  const state = useRef({ from: undefined as number | undefined, done: new Set<string>(), moments, isAsking: false });
  state.current.moments = moments;
  useEffect(
    () =>
      player?.positionSeconds.subscribe((to) => {
        const now = state.current;
        const { from } = now;
        now.from = to;
        if (from === undefined || now.isAsking || !player.hasStarted.value) return;
        const moment = momentToAsk(now.moments, { from, to, done: now.done });
        if (!moment) return;
        now.isAsking = true;
        player.pause();
        player.seekTo(moment.atSeconds);
        setAsked(moment);
      }),
    [player],
  );
  const close = (isDone: boolean) => {
    const now = state.current;
    now.isAsking = false;
    if (asked && player) {
      if (isDone) now.done.add(asked.id);
      // Just before it, so that it is asked when the video goes on.
      now.from = isDone ? asked.atSeconds : asked.atSeconds - 0.5;
      if (isDone) background(player.play());
      else player.seekTo(Math.max(0, asked.atSeconds - 0.5));
    }
    setAsked(undefined);
  };
  return { asked, close };
}

function Marks({ moments, durationSeconds, onChoose }: { moments: readonly VideoMoment[]; durationSeconds: number; onChoose: (moment: VideoMoment) => void }) {
  return (
    <div class="video-marks__bar">
      {moments.map((moment) => {
        const label = text.quizzes.video.at(shownAt(moment.atSeconds), moment.isAnswered);
        const share = durationSeconds > 0 ? Math.min(1, moment.atSeconds / durationSeconds) : 0;
        return <button key={moment.id} type="button" class={`video-marks__mark ${moment.isAnswered ? 'video-marks__mark--answered' : ''}`} style={{ left: `${share * 100}%` }} aria-label={label} title={label} onClick={() => onChoose(moment)} />;
      })}
    </div>
  );
}

function loadedOf(data: readonly [{ moments: readonly VideoMoment[] }, Pick<CourseDetail, 'role'>] | undefined) {
  return { moments: data?.[0].moments ?? [], canEdit: may(data?.[1].role ?? undefined, 'quiz.edit') };
}

/** What the player knows of a growing video is newer. */
function durationOf(player: ReplayPlayer, { durationSeconds }: { durationSeconds: number }): number {
  return player.durationSeconds.value || durationSeconds;
}
