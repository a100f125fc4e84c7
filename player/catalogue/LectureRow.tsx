import type { ComponentChildren } from 'preact';
import type { LectureView } from '#api/contract';
import { Badge } from '../design/index.ts';
import { formatClock, formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';
import './catalogue.css';

interface LectureRowProps {
  lecture: LectureView;
  /** Beside its course, the name of the course is not said again. */
  isCourseKnown?: boolean;
  actions?: ComponentChildren;
}

/** One lecture in a list, whatever its state. */
export function LectureRow({ lecture, isCourseKnown, actions }: LectureRowProps) {
  const isLive = lecture.state === 'live' || lecture.state === 'interrupted';
  return (
    <li class={`lecture ${isLive ? 'lecture--live' : ''}`}>
      <div class="stack-tight">
        <div class="lecture__title">{lecture.title}</div>
        <div class="lecture__facts">
          <LectureFacts lecture={lecture} />
          {isCourseKnown ? null : <span>{lecture.courseTitle}</span>}
        </div>
      </div>
      <div class="lecture__actions">{actions}</div>
    </li>
  );
}

function LectureFacts({ lecture }: { lecture: LectureView }) {
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
      return (
        <>
          {lecture.scheduledAt ? <span class="tabular">{formatMoment(lecture.scheduledAt)}</span> : null}
          {lecture.durationMinutes ? <span>{text.course.minutes(lecture.durationMinutes)}</span> : null}
        </>
      );
    case 'ended':
      return (
        <>
          {lecture.startedAt ? <span class="tabular">{formatMoment(lecture.startedAt)}</span> : null}
          {lecture.startedAt && lecture.endedAt ? <span class="tabular">{formatClock(lengthMs(lecture.startedAt, lecture.endedAt))}</span> : null}
          {lecture.videoId ? null : <span>{text.course.noReplay}</span>}
        </>
      );
  }
}

function lengthMs(from: string, to: string): number {
  return new Date(to).getTime() - new Date(from).getTime();
}
