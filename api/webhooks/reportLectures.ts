import type { LectureRegistry, LiveLecture } from '#engine';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { Recorder, VideoStore } from '#recorder';
import type { WebhookEvents } from './WebhookEvents.ts';

export interface ReportLecturesOptions {
  registry: Pick<LectureRegistry, 'onLive'>;
  recorder: Pick<Recorder, 'onEvent'>;
  videos: Pick<VideoStore, 'ofRecording'>;
  events: Pick<WebhookEvents, 'record'>;
  logger: Logger;
}

/**
 * Reports what happens to the lectures of this process. A lecture that moves here from another process goes live again, and is
 * reported again: the deliveries know that they have it. Returns what ends it.
 */
export function reportLectures({ registry, recorder, videos, events, logger }: ReportLecturesOptions): () => void {
  const report = (type: 'lecture.started' | 'lecture.ended', { id: lectureId, view: { courseId, title } }: LiveLecture) => {
    background(`webhooks.${type}`, events.record({ type, courseId, subjectId: lectureId, data: { lectureId, title } }), logger);
  };
  const stopLive = registry.onLive((lecture) => {
    report('lecture.started', lecture);
    const stop = lecture.onNotification(({ type }) => {
      if (type === 'lecture.moved') stop();
      if (type !== 'lecture.ended') return;
      stop();
      report('lecture.ended', lecture);
    });
  });
  const stopRecordings = recorder.onEvent((event) => {
    if (event.type !== 'recording.finished') return;
    const { recordingId, lectureId, courseId } = event;
    const record = async () => {
      const video = await videos.ofRecording(recordingId);
      await events.record({ type: 'recording.ready', courseId, subjectId: recordingId, data: { lectureId, videoId: video?._id ?? null, title: video?.title ?? '' } });
    };
    background('webhooks.recording.ready', record(), logger);
  });
  return () => {
    stopLive();
    stopRecordings();
  };
}
