import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { CodedError } from '#engine/contract';
import type { CourseId, IngestHealth, LectureId } from '#engine/contract';
import type { MediaTrack, RtpIngress, RtpIngressOptions } from '#engine';
import type { EncodedFrame, FrameTap, TrackFormat } from '#engine/media';
import type { DetachReason, IngestAttachment, IngestLectureEvent, IngestLecture, IngestLectures, IngestSources, IngestTracks } from '../IngestLectures.ts';

export interface RtpPacket {
  payloadType: number;
  ssrc: number;
  sequence: number;
  timestamp: number;
  hasMarker: boolean;
  payload: Buffer;
  arrivedAtMs: number;
}

/** An ingress that counts what arrives on real UDP ports. */
export class FakeRtpIngress implements RtpIngress {
  readonly host = '127.0.0.1';
  readonly options: RtpIngressOptions;
  readonly track: MediaTrack;
  readonly packets: RtpPacket[] = [];
  readonly reports: Buffer[] = [];
  rtpPort = 0;
  rtcpPort = 0;
  isClosed = false;
  readonly #rtp = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  readonly #rtcp = createSocket('udp4');
  #reporter: { address: string; port: number } | undefined;

  constructor(options: RtpIngressOptions) {
    this.options = options;
    this.track = fakeTrack(options);
    this.#rtp.on('message', (packet) => this.packets.push(readRtp(packet)));
    this.#rtcp.on('message', (packet, { address, port }) => {
      this.reports.push(Buffer.from(packet));
      this.#reporter = { address, port };
    });
  }

  async listen(): Promise<this> {
    this.#rtp.bind(0, this.host);
    this.#rtcp.bind(0, this.host);
    await Promise.all([once(this.#rtp, 'listening'), once(this.#rtcp, 'listening')]);
    this.rtpPort = this.#rtp.address().port;
    this.rtcpPort = this.#rtcp.address().port;
    return this;
  }

  /** Sends a picture loss indication, as the SFU does when someone joins. */
  askForKeyframe(): void {
    if (!this.#reporter) throw new Error('nobody has sent a report');
    this.#rtcp.send(Buffer.from('81ce00020000000100000002', 'hex'), this.#reporter.port, this.#reporter.address);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#rtp.close();
    this.#rtcp.close();
  }
}

/** What a recorder would have taken. */
export class TakenFrames {
  readonly formats: TrackFormat[] = [];
  readonly frames: EncodedFrame[] = [];
  gaps = 0;
  hasEnded = false;

  static async from(tap: FrameTap): Promise<TakenFrames> {
    const taken = new TakenFrames();
    await tap.open({
      format: (format) => void taken.formats.push(format),
      frame: (frame) => void taken.frames.push(frame),
      gap: () => void (taken.gaps += 1),
      ended: () => void (taken.hasEnded = true),
    });
    return taken;
  }
}

export interface FakeAttachment {
  tracks: IngestTracks | undefined;
  /** How often tracks were attached later. */
  reconnections: number;
  isSilent: boolean;
  detached: DetachReason | undefined;
  /** Opened as soon as the encoder attached, as the recorder does. */
  video: TakenFrames;
  audio: TakenFrames;
}

/** One lecture that takes encoders, in memory, with real UDP ingresses. */
export class FakeIngestLecture implements IngestLecture {
  readonly lectureId: LectureId;
  readonly ingresses: FakeRtpIngress[] = [];
  readonly attachments: FakeAttachment[] = [];
  readonly healths: IngestHealth[] = [];
  isRoomAway = false;
  readonly #listeners = new Set<(fact: IngestLectureEvent) => void>();

  constructor(lectureId: LectureId) {
    this.lectureId = lectureId;
  }

  get health(): IngestHealth | undefined {
    return this.healths.at(-1);
  }

  get attached(): FakeAttachment[] {
    return this.attachments.filter(({ detached }) => detached === undefined);
  }

  ingress(kind: 'video' | 'audio'): FakeRtpIngress | undefined {
    return this.ingresses.findLast(({ options, isClosed }) => options.kind === kind && !isClosed);
  }

  async openRtpIngress(options: RtpIngressOptions): Promise<RtpIngress> {
    if (this.isRoomAway) throw new CodedError('media.unavailable', 'The room is being rebuilt.');
    const ingress = await new FakeRtpIngress(options).listen();
    this.ingresses.push(ingress);
    return ingress;
  }

  async attach({ sources, tracks }: { sources: IngestSources; tracks: IngestTracks | undefined }): Promise<IngestAttachment> {
    const attachment: FakeAttachment = {
      tracks,
      reconnections: 0,
      isSilent: false,
      detached: undefined,
      video: await TakenFrames.from(sources.video.frames),
      audio: await TakenFrames.from(sources.audio.frames),
    };
    this.attachments.push(attachment);
    return {
      attachTracks: async (fresh) => {
        attachment.tracks = fresh;
        attachment.reconnections += 1;
      },
      setSilent: (isSilent) => {
        attachment.isSilent = isSilent;
      },
      detach: (reason) => {
        attachment.detached ??= reason;
      },
    };
  }

  reportHealth(health: IngestHealth): void {
    this.healths.push(health);
  }

  on(listener: (fact: IngestLectureEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(fact: IngestLectureEvent): void {
    for (const listener of [...this.#listeners]) listener(fact);
  }

  close(): void {
    for (const ingress of this.ingresses) ingress.close();
  }
}

export class FakeIngestLectures implements IngestLectures {
  readonly lectures = new Map<CourseId, FakeIngestLecture>();

  async openForIngest(courseId: CourseId): Promise<IngestLecture> {
    const lecture = this.lectures.get(courseId);
    if (!lecture) throw new CodedError('lecture.notFound', 'No lecture of this course is live or scheduled now.');
    return lecture;
  }
}

const noFrames: FrameTap = { open: () => Promise.reject(new Error('a recorder reads the source')) };

function fakeTrack({ kind, ssrc }: RtpIngressOptions): MediaTrack {
  return {
    id: `${kind}-${ssrc}`,
    kind,
    isSimulcast: false,
    frames: noFrames,
    pause: async () => undefined,
    resume: async () => undefined,
    hasMedia: true,
    onMedia: (listener) => {
      listener();
      return () => undefined;
    },
    onClosed: () => () => undefined,
    close: () => undefined,
  };
}

function readRtp(packet: Buffer): RtpPacket {
  return {
    payloadType: (packet[1] ?? 0) & 127,
    hasMarker: ((packet[1] ?? 0) & 128) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payload: Buffer.from(packet.subarray(12)),
    arrivedAtMs: performance.now(),
  };
}
