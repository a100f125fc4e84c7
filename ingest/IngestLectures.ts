import type { CourseId, IngestHealth, LectureId, TrackKind } from '#engine/contract';
import type { MediaTrack, RtpIngress, RtpIngressOptions, Unsubscribe } from '#engine';

/** What ingest needs of the live lectures. `main.ts` supplies it from the engine. */
export interface IngestLectures {
  /**
   * The lecture that media for this course goes to now: the one that is live, or the one scheduled now (which this starts).
   * @throws CodedError `lecture.notFound`, with a sentence that helps
   */
  openForIngest(courseId: CourseId): Promise<IngestLecture>;
}

export interface IngestTrack {
  kind: TrackKind;
  track: MediaTrack;
}

export type IngestLectureEvent = { type: 'media.reset' } | { type: 'lecture.ended' };

export interface IngestLecture {
  readonly lectureId: LectureId;
  /** Opens an RTP ingress in the lecture's room. @throws CodedError `media.unavailable` */
  openRtpIngress(options: RtpIngressOptions): Promise<RtpIngress>;
  /** Publishes the tracks of one encoder together, replacing those of an earlier encoder. */
  attach(encoder: { protocol: 'rtmp'; tracks: IngestTrack[] }): Promise<IngestAttachment>;
  reportHealth(health: IngestHealth): void;
  /** The room was rebuilt (its worker died), or the lecture ended. */
  on(listener: (fact: IngestLectureEvent) => void): Unsubscribe;
}

export type DetachReason = 'encoderGone' | 'replaced' | 'refused' | 'stopping';

export interface IngestAttachment {
  /** The same tracks, through new ingresses: after `media.reset`, or when the room that was awaited is there. */
  replaceMedia(tracks: IngestTrack[]): Promise<void>;
  /** Nothing comes from the encoder, although its connection is there; or something comes again. */
  setSilent(isSilent: boolean): void;
  detach(reason: DetachReason): void;
}
