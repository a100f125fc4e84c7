import type { LiveLecture, LivePublication } from '#engine';
import type { RecordableLecture, RecordablePublication } from './RecordableLecture.ts';

/** Adapts a live lecture of the engine. */
export function recordableLecture(lecture: LiveLecture): RecordableLecture {
  return {
    lectureId: lecture.id,
    courseId: lecture.view.courseId,
    fence: lecture.fence,
    startedAtMs: lecture.startedAtMs,
    publications: () => lecture.publications.all().map(recordable),
    onPublication: (listener) =>
      lecture.onNotification((notification) => {
        const publication = notification.type === 'track.published' ? lecture.publications.find(notification.data.publicationId) : undefined;
        if (publication) listener(recordable(publication));
      }),
    onPaused: (listener) =>
      lecture.onNotification((notification) => {
        if (notification.type === 'track.changed') listener(notification.publication.id, isLeftOut(notification.publication));
      }),
    onUnpublished: (listener) =>
      lecture.onNotification((notification) => {
        if (notification.type === 'track.unpublished') listener(notification.data.publicationId);
      }),
    reportRecording: (state, note) => lecture.reports.setRecording(state, note ?? null),
  };
}

/** The recording holds what viewers see. */
function isLeftOut({ isPaused, isStandby }: LivePublication['view']): boolean {
  return isPaused || isStandby;
}

function recordable({ view, source }: LivePublication): RecordablePublication {
  return { publicationId: view.id, source: view.source, kind: view.kind, isPaused: isLeftOut(view), frames: source.frames, onMedia: (listener) => source.onMedia(listener) };
}
