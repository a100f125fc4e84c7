import type { LiveLecture, LivePublication } from '#engine';
import type { RecordableLecture, RecordablePublication } from './RecordableLecture.ts';

/** A live lecture of the engine, as the recorder sees it. */
export function recordableLecture(lecture: LiveLecture): RecordableLecture {
  return {
    lectureId: lecture.id,
    courseId: lecture.view.courseId,
    startedAtMs: lecture.startedAtMs,
    publications: () => lecture.publications.all().map(recordable),
    onPublication: (listener) =>
      lecture.onNotification((signal) => {
        const publication = signal.type === 'track.published' ? lecture.publications.find(signal.data.publicationId) : undefined;
        if (publication) listener(recordable(publication));
      }),
    onPaused: (listener) =>
      lecture.onNotification((signal) => {
        if (signal.type === 'track.changed') listener(signal.publication.id, signal.publication.isPaused);
      }),
    onUnpublished: (listener) =>
      lecture.onNotification((signal) => {
        if (signal.type === 'track.unpublished') listener(signal.data.publicationId);
      }),
    reportRecording: (state, note) => lecture.reportRecording(state, note),
  };
}

function recordable({ view, source }: LivePublication): RecordablePublication {
  return { publicationId: view.id, source: view.source, kind: view.kind, isPaused: view.isPaused, frames: source.frames, onMedia: (listener) => source.onMedia(listener) };
}
