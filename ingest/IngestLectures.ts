import type { CourseId, IngestHealth, LectureId, TrackKind } from '#engine/contract';
import type { FrameSource, MediaTrack, RtpIngress, RtpIngressOptions, Unsubscribe } from '#engine';

/** What ingest needs of the live lectures. `main.ts` supplies it from the engine. */
export interface IngestLectures {
  /**
   * The lecture that media for this course goes to now: the one that is live, or the one scheduled now (which this starts).
   * @throws CodedError `lecture.notFound`, with a sentence that helps
   */
  openForIngest(courseId: CourseId): Promise<IngestLecture>;
}

/** What a recording reads: a session always has video and audio. */
export type IngestSources = Record<TrackKind, FrameSource>;
/** The tracks of the room that carry the WebRTC copy. */
export type IngestTracks = Record<TrackKind, MediaTrack>;

export type IngestLectureEvent = { type: 'media.reset' } | { type: 'lecture.ended' };

export interface IngestLecture {
  readonly lectureId: LectureId;
  /** Opens an RTP ingress in the lecture's room. @throws CodedError `media.unavailable` */
  openRtpIngress(options: RtpIngressOptions): Promise<RtpIngress>;
  /**
   * Publishes both sources of a session together and replaces those of an earlier session. Without `tracks` the session is
   * recorded, and viewers wait until `attachTracks`.
   */
  attach(session: { displayName: string; sources: IngestSources; tracks: IngestTracks | undefined }): Promise<IngestAttachment>;
  reportHealth(health: IngestHealth): void;
  /** The room was rebuilt (its worker died), or the lecture ended. */
  on(listener: (event: IngestLectureEvent) => void): Unsubscribe;
}

export type DetachReason = 'disconnected' | 'replaced' | 'refused' | 'stopping';

export interface IngestAttachment {
  /** Has these tracks carry the publications: after `media.reset`, or when the room opens later than the session attached. */
  attachTracks(tracks: IngestTracks): Promise<void>;
  /** Nothing comes from the encoder, although its connection is there; or something comes again. */
  setSilent(isSilent: boolean): void;
  detach(reason: DetachReason): void;
}
