import type { LectureRegistry, LiveLecture } from '#engine';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { RecordedVideo } from '#recorder';
import type { WebhookEvents } from './WebhookEvents.ts';

export interface ReportLecturesOptions {
  registry: Pick<LectureRegistry, 'onLive'>;
  events: Pick<WebhookEvents, 'record'>;
  logger: Logger;
}

/**
 * Reports what happens to the lectures of this process. A lecture that moves here from another process goes live again, and is
 * reported again: the deliveries know that they have it. Returns what ends it.
 */
export function reportLectures({ registry, events, logger }: ReportLecturesOptions): () => void {
  const report = (type: 'lecture.started' | 'lecture.ended', { id: lectureId, view: { courseId, title } }: LiveLecture) => {
    background(`webhooks.${type}`, events.record({ type, courseId, subjectId: lectureId, data: { lectureId, title } }), logger);
  };
  return registry.onLive((lecture) => {
    report('lecture.started', lecture);
    const stop = lecture.onNotification(({ type }) => {
      if (type === 'lecture.moved') stop();
      if (type !== 'lecture.ended') return;
      stop();
      report('lecture.ended', lecture);
    });
  });
}

/** Reports that the video of a recording can be watched. Reported twice, it is delivered once. */
export function reportRecording(events: Pick<WebhookEvents, 'record'>): (video: Pick<RecordedVideo, '_id' | 'recordingId' | 'lectureId' | 'courseId' | 'title'>) => Promise<void> {
  return ({ _id: videoId, recordingId, lectureId, courseId, title }) => events.record({ type: 'recording.ready', courseId, subjectId: recordingId, data: { lectureId, videoId, title } });
}
