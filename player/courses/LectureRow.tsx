import { Play, Repeat } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import type { LectureView } from '#api/contract';
import { paths } from '../app/paths.ts';
import { Badge } from '../design/index.ts';
import { formatClock, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import './courses.css';

interface LectureRowProps {
  lecture: LectureView;
  /** Hides the course title, because the page already shows it. */
  isCourseKnown?: boolean;
  actions?: ComponentChildren;
  /** The poster of the recording; a link to the replay. */
  poster?: { videoId: string; url: string | undefined };
}

/** One lecture in a list. */
export function LectureRow({ lecture, isCourseKnown, actions, poster }: LectureRowProps) {
  const isLive = lecture.state === 'live' || lecture.state === 'interrupted';
  return (
    <li class={`lecture ${isLive ? 'lecture--live' : ''} ${poster ? 'lecture--pictured' : ''}`}>
      {poster ? <Poster {...poster} /> : null}
      <div class="stack-tight">
        <div class="lecture__title" dir="auto">{lecture.title}</div>
        <div class="lecture__facts">
          <LectureStatus lecture={lecture} />
          {isCourseKnown ? null : <span dir="auto">{lecture.courseTitle}</span>}
        </div>
      </div>
      <div class="lecture__actions">{actions}</div>
    </li>
  );
}

/** Hidden from keyboard and screen readers: the button beside it is the same link. */
function Poster({ videoId, url }: { videoId: string; url: string | undefined }) {
  return (
    <a class="lecture__poster" href={paths.watch(videoId)} tabIndex={-1} aria-hidden="true">
      <Play size={20} />
      {url ? <img src={url} alt="" loading="lazy" onError={(event) => (event.currentTarget.hidden = true)} /> : null}
    </a>
  );
}

function LectureStatus({ lecture }: { lecture: LectureView }) {
  switch (lecture.state) {
    case 'live':
      return (
        <>
          <Badge tone="live" hasDot>
            {text.home.liveNow}
          </Badge>
          <span class="tabular">{text.home.watching(lecture.participantCount)}</span>
        </>
      );
    case 'interrupted':
      return <Badge tone="warning">{text.home.interrupted}</Badge>;
    case 'scheduled':
      return <Plan lecture={lecture} />;
    case 'ended':
      return (
        <>
          {lecture.startedAt ? <span class="tabular">{formatDateTime(lecture.startedAt)}</span> : null}
          {lecture.startedAt && lecture.endedAt ? <span class="tabular">{formatClock(lengthMs(lecture.startedAt, lecture.endedAt))}</span> : null}
          {lecture.videoId ? null : <span>{text.course.noReplay}</span>}
        </>
      );
  }
}

function Plan({ lecture: { scheduledAt, durationMinutes, series } }: { lecture: LectureView }) {
  return (
    <>
      <span class="tabular">{scheduledAt ? formatDateTime(scheduledAt) : text.course.prepared}</span>
      {durationMinutes ? <span>{text.course.minutes(durationMinutes)}</span> : null}
      {series ? (
        <span class="lecture__series">
          <Repeat aria-hidden="true" size={16} />
          {series.isChanged ? text.schedule.changedAlone : text.schedule.partOfSeries}
        </span>
      ) : null}
    </>
  );
}

function lengthMs(from: string, to: string): number {
  return new Date(to).getTime() - new Date(from).getTime();
}
