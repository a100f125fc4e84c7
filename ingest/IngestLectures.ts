import type { CourseId, IngestHealth, LectureId, TrackKind } from '#engine/contract';
import type { FrameSource, MediaTrack, RtpIngress, RtpIngressOptions, Unsubscribe } from '#engine';

/** The live lectures, as ingest needs them. `main.ts` supplies them from the engine. */
export interface IngestLectures {
  /**
   * The lecture that receives media for this course now: the live one, or one that is due, which this starts.
   * @throws CodedError with a sentence for the person who runs the encoder: `lecture.notFound`; `lecture.elsewhere` while
   * another node owns it
   */
  openForIngest(courseId: CourseId): Promise<IngestLecture>;
  /** `host:port` of the RTMP port of the other node that owns the live lecture of this course; undefined if there is none. */
  ownerAddress(courseId: CourseId): Promise<string | undefined>;
  /** The live lecture of this course. Starts none. */
  findLive(courseId: CourseId): Pick<IngestLecture, 'reportHealth'> | undefined;
}

/** What a recording reads: a session always has video and audio. */
export type IngestSources = Record<TrackKind, FrameSource>;
/** The tracks of the room that carry the WebRTC feed. */
export type IngestTracks = Record<TrackKind, MediaTrack>;

export type IngestLectureEvent = { type: 'media.reset' } | { type: 'lecture.ended' } | { type: 'lecture.moved' };

export interface IngestLecture {
  readonly lectureId: LectureId;
  /** Opens an RTP ingress in the room of the lecture. @throws CodedError `media.unavailable` */
  openRtpIngress(options: RtpIngressOptions): Promise<RtpIngress>;
  /**
   * Publishes both sources of a session together and replaces those of an earlier session. Without `tracks` the session is
   * recorded, and viewers wait for `attachTracks`. @throws CodedError `lecture.ended`
   */
  attach(session: { displayName: string; sources: IngestSources; tracks: IngestTracks | undefined }): Promise<IngestAttachment>;
  reportHealth(health: IngestHealth): void;
  /** `media.reset`: a new room replaces one whose worker died. `lecture.moved`: the lecture continues in another process. */
  on(listener: (event: IngestLectureEvent) => void): Unsubscribe;
}

export type DetachReason = 'disconnected' | 'replaced' | 'refused' | 'stopping';

export interface IngestAttachment {
  /**
   * Carries the publications over these tracks: after `media.reset`, or when the room opened after the session attached.
   * @throws CodedError `publication.notFound` after a detach
   */
  attachTracks(tracks: IngestTracks): Promise<void>;
  /** Nothing arrives from the encoder, although it is connected; or media arrives again. */
  setSilent(isSilent: boolean): void;
  detach(reason: DetachReason): void;
}
