import { CodedError } from '#engine/contract';
import type { CourseId, IngestHealth, LectureId, TrackKind } from '#engine/contract';
import type { MediaCloseReason, MediaTrack, RtpIngress, RtpIngressOptions } from '#engine';
import type { EncodedFrame, FrameTap, TrackFormat } from '#engine/media';
import type { DetachReason, IngestAttachment, IngestLectureEvent, IngestLecture, IngestLectures, IngestSources, IngestTracks } from '../IngestLectures.ts';
import { FakeRtpIngress } from './FakeRtpIngress.ts';

/** What a recorder would have recorded. */
export class RecordedFrames {
  readonly formats: TrackFormat[] = [];
  readonly frames: EncodedFrame[] = [];
  gaps = 0;
  hasEnded = false;

  static async from(tap: FrameTap): Promise<RecordedFrames> {
    const recorded = new RecordedFrames();
    await tap.open({
      format: (format) => void recorded.formats.push(format),
      frame: (frame) => void recorded.frames.push(frame),
      gap: () => void (recorded.gaps += 1),
      ended: () => void (recorded.hasEnded = true),
    });
    return recorded;
  }
}

const closeReasons: Record<DetachReason, MediaCloseReason> = { disconnected: 'participantLeft', refused: 'participantLeft', replaced: 'replaced', stopping: 'replaced' };

/** A session that attached to a lecture, and what a recorder that reads its sources has of it. */
export class FakeAttachment {
  readonly video: RecordedFrames;
  readonly audio: RecordedFrames;
  /** How often tracks were attached later. */
  reconnections = 0;
  isSilent = false;
  detached: DetachReason | undefined;
  #tracks: Partial<Record<TrackKind, MediaTrack>> = {};

  private constructor(video: RecordedFrames, audio: RecordedFrames) {
    this.video = video;
    this.audio = audio;
  }

  /** Reads the sources from now on, as the recorder does. */
  static async open({ video, audio }: IngestSources): Promise<FakeAttachment> {
    return new FakeAttachment(await RecordedFrames.from(video.frames), await RecordedFrames.from(audio.frames));
  }

  hasTrack(kind: TrackKind): boolean {
    return this.#tracks[kind] !== undefined;
  }

  carry(tracks: IngestTracks): void {
    for (const kind of ['video', 'audio'] as const) {
      const track = tracks[kind];
      this.#tracks[kind]?.close('replaced');
      this.#tracks[kind] = track;
      track.onClosed(() => {
        if (this.#tracks[kind] === track) delete this.#tracks[kind];
      });
    }
  }

  detach(reason: DetachReason, closeReason = closeReasons[reason]): void {
    if (this.detached !== undefined) return;
    this.detached = reason;
    for (const track of Object.values(this.#tracks)) track.close(closeReason);
  }
}

/** One lecture that ingest sessions attach to, in memory, with real UDP ingresses. */
export class FakeIngestLecture implements IngestLecture {
  readonly lectureId: LectureId;
  readonly ingresses: FakeRtpIngress[] = [];
  readonly attachments: FakeAttachment[] = [];
  readonly healths: IngestHealth[] = [];
  hasEnded = false;
  #hasRoom = true;
  readonly #listeners = new Set<(event: IngestLectureEvent) => void>();

  constructor(lectureId: LectureId) {
    this.lectureId = lectureId;
  }

  get health(): IngestHealth | undefined {
    return this.healths.at(-1);
  }

  get attached(): FakeAttachment[] {
    return this.attachments.filter(({ detached }) => detached === undefined);
  }

  ingress(kind: TrackKind): FakeRtpIngress | undefined {
    return this.ingresses.findLast(({ options, isClosed }) => options.kind === kind && !isClosed);
  }

  async openRtpIngress(options: RtpIngressOptions): Promise<RtpIngress> {
    if (!this.#hasRoom) throw new CodedError('media.unavailable', 'The room is being rebuilt.');
    const ingress = await new FakeRtpIngress(options).listen();
    this.ingresses.push(ingress);
    return ingress;
  }

  async attach({ sources, tracks }: { sources: IngestSources; tracks: IngestTracks | undefined }): Promise<IngestAttachment> {
    if (this.hasEnded) throw new CodedError('lecture.ended', 'This lecture has ended.');
    for (const earlier of this.attached) earlier.detach('replaced');
    const attachment = await FakeAttachment.open(sources);
    this.attachments.push(attachment);
    if (tracks) attachment.carry(tracks);
    return {
      attachTracks: async (later) => {
        if (attachment.detached !== undefined) throw new CodedError('publication.notFound', 'This track is no longer published.');
        attachment.carry(later);
        attachment.reconnections += 1;
      },
      setSilent: (isSilent) => {
        if (attachment.detached === undefined) attachment.isSilent = isSilent;
      },
      detach: (reason) => attachment.detach(reason),
    };
  }

  reportHealth(health: IngestHealth): void {
    this.healths.push(health);
  }

  on(listener: (event: IngestLectureEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The worker of its room dies. */
  loseRoom(): void {
    this.#hasRoom = false;
    for (const ingress of this.ingresses) ingress.close('workerDied');
  }

  returnRoom(): void {
    this.#hasRoom = true;
    this.#notify({ type: 'media.reset' });
  }

  end(): void {
    this.hasEnded = true;
    this.#hasRoom = false;
    this.#notify({ type: 'lecture.ended' });
    for (const attachment of this.attached) attachment.detach('stopping', 'lectureEnded');
    this.close();
  }

  close(): void {
    for (const ingress of this.ingresses) ingress.close('lectureEnded');
  }

  #notify(event: IngestLectureEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

export class FakeIngestLectures implements IngestLectures {
  readonly lectures = new Map<CourseId, FakeIngestLecture>();
  /** The courses whose live lectures are on other nodes, and the RTMP addresses of these. */
  readonly elsewhere = new Map<CourseId, string>();

  async openForIngest(courseId: CourseId): Promise<IngestLecture> {
    if (this.elsewhere.has(courseId)) throw new CodedError('lecture.elsewhere', 'This lecture is on another server.');
    const lecture = this.lectures.get(courseId);
    if (!lecture || lecture.hasEnded) throw new CodedError('lecture.notFound', 'No lecture of this course is live or scheduled now.');
    return lecture;
  }

  async ownerAddress(courseId: CourseId): Promise<string | undefined> {
    return this.elsewhere.get(courseId);
  }

  findLive(courseId: CourseId): Pick<IngestLecture, 'reportHealth'> | undefined {
    const lecture = this.lectures.get(courseId);
    return lecture?.hasEnded === false ? lecture : undefined;
  }
}
