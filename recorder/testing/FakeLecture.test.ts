import { frameTapConformance } from '#engine/testing';
import { FakeLecture, FakeTap } from './FakeLecture.ts';
import type { FakePublication } from './FakeLecture.ts';
import { recordableLectureConformance } from './recordableLectureConformance.ts';
import type { DrivenPublication, LectureDriver } from './recordableLectureConformance.ts';

frameTapConformance('The fake', () => {
  const tap = new FakeTap();
  return { tap, format: (format) => tap.format(format), frame: (frame) => tap.frame(frame), ended: () => tap.ended() };
});

recordableLectureConformance('The fake', async (startedAtMs): Promise<LectureDriver> => {
  const lecture = new FakeLecture(startedAtMs);
  const publications = new Map<DrivenPublication, FakePublication>();
  const publicationOf = (driven: DrivenPublication): FakePublication => {
    const publication = publications.get(driven);
    if (!publication) throw new Error('unknown publication');
    return publication;
  };
  return {
    lecture,
    publish: (kind, source, options) => {
      const publication = lecture.publish(kind, source, options);
      const driven = { publicationId: publication.publicationId, tap: publication.frames, sendMedia: () => publication.sendMedia() };
      publications.set(driven, publication);
      return driven;
    },
    setPaused: async (driven, isPaused) => lecture.setPaused(publicationOf(driven), isPaused),
    unpublish: (driven) => lecture.unpublish(publicationOf(driven)),
    lastReport: () => ({ state: lecture.states.at(-1) ?? 'off', note: lecture.notes.at(-1) ?? null }),
    close: async () => undefined,
  };
});
