import type { VideoView } from '#api/contract';

/** A recording, as far as a test does not say otherwise. */
export function exampleVideo(video: Pick<VideoView, 'id' | 'courseId' | 'lectureId' | 'title'> & Partial<VideoView>): VideoView {
  return {
    courseTitle: 'Course',
    source: 'recording',
    clipOf: null,
    description: '',
    tags: [],
    categoryId: null,
    position: null,
    state: 'ready',
    failure: null,
    work: null,
    recordedAt: '2026-11-20T09:00:00.000Z',
    durationSeconds: 60,
    renditions: [],
    chapters: [],
    posterUrl: null,
    storyboardUrl: null,
    waveformUrl: null,
    visibility: 'course',
    visibleFrom: null,
    isDownloadable: false,
    bytes: 0,
    storageClass: 'standard',
    isRestoring: false,
    deletedAt: null,
    retainUntil: null,
    revision: 1,
    updatedAt: '2026-11-20T09:00:00.000Z',
    ...video,
  };
}
