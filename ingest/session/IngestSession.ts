import { randomBytes } from 'node:crypto';
import { CodedError, isCoded } from '#engine/contract';
import type { CourseId, IngestHealth, TrackKind } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { RtpIngress } from '#engine';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import type { DetachReason, IngestAttachment, IngestLectureEvent, IngestLecture, IngestTracks } from '../IngestLectures.ts';
import { payloadTypes, WebRtcFeed } from '../feed/WebRtcFeed.ts';
import { FlvMediaReader } from '../rtmp/FlvMediaReader.ts';
import type { FlvPacket, MediaReaderListener } from '../rtmp/FlvMediaReader.ts';
import { RecentMedia } from '../media/RecentMedia.ts';
import { SourceInspector } from '../media/SourceInspector.ts';
import { TrackTap } from '../media/TrackTap.ts';
import { healthOf } from './healthOf.ts';
import { missingMedia } from './missingMedia.ts';

/** How long an encoder that sends something may take to send both picture and sound. */
const bothTracksWithinMs = 5000;
/** And one that sends nothing at all. */
const anythingWithinMs = 15_000;
const healthIntervalMs = 1000;
/**
 * Nothing for so long, and those who watch are told. The connection stays: what the network holds back may come yet, and
 * an encoder that has connected anew takes over. For as long a picture stands in the recording before it is black.
 */
const silentAfterMs = 3000;
const silenceCheckMs = 250;
const silenceProblem = 'Nothing has come from the encoder for some seconds, although it is connected: its network is too slow, or has gone.';
const reopenDelayMs = 500;
/** A room answers within milliseconds; one whose media worker hangs is not waited for, so that the recording begins. */
const attachWithinMs = 500;
const damageLogIntervalMs = 10_000;

export interface IngestSessionOptions {
  courseId: CourseId;
  lecture: IngestLecture;
  ffmpegCommand: string;
  clock: Clock;
  logger: Logger;
  /** It ended by itself: close its connection. The sentence is for whoever runs it. */
  onEnded(reason: DetachReason, problem: string | null): void;
}

/**
 * One encoder on the air in one lecture, whatever it is connected by: its frames to whoever taps them, the WebRTC copy to
 * the room, its health to the instructor. Owns the feed, the RTP ingresses and the attachment; `end` closes all of them.
 */
export class IngestSession implements MediaReaderListener {
  readonly #options: IngestSessionOptions;
  readonly #reader: FlvMediaReader;
  readonly #recent = new RecentMedia();
  readonly #inspector = new SourceInspector();
  readonly #taps: Record<TrackKind, TrackTap>;
  readonly #feed: WebRtcFeed;
  /** One for both tracks, which are RTP sessions of their own: browsers keep tracks of one source in step. */
  readonly #ssrc = randomBytes(4).readUInt32BE() >>> 1 || 1;
  readonly #logger: Logger;
  readonly #stopListening: () => void;
  #state: 'waiting' | 'opening' | 'running' | 'ended' = 'waiting';
  #opening = 0;
  #ingresses: RtpIngress[] = [];
  #attaching: Promise<IngestAttachment | undefined> | undefined;
  #attachment: IngestAttachment | undefined;
  #lastPacketAtMs: number | undefined;
  #isSilent = false;
  #damage = { count: 0, loggedAtMs: -Infinity };
  #extraAdvice: string[] = [];
  #endReason: DetachReason = 'encoderGone';
  /** Of the timers that run. */
  readonly #cancels = new Set<() => void>();

  constructor(options: IngestSessionOptions) {
    this.#options = options;
    const { clock, ffmpegCommand, lecture, courseId } = options;
    const logger = options.logger.child({ lectureId: lecture.lectureId, courseId });
    this.#logger = logger;
    this.#reader = new FlvMediaReader(clock, this);
    this.#taps = { video: new TrackTap('video', this.#recent, logger), audio: new TrackTap('audio', this.#recent, logger) };
    // A second of room in front, for an anchor that moves back.
    const originUs = Math.floor(clock.nowMs() - 1000) * 1000;
    this.#feed = new WebRtcFeed({ ssrc: this.#ssrc, originUs, recent: this.#recent, inspector: this.#inspector, ffmpegCommand, clock, logger });
    this.#stopListening = lecture.on((fact) => this.#onEvent(fact));
    this.#expectBothTracks(anythingWithinMs);
    this.#reportHealthLater();
    this.#watchSilence();
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  advise(sentence: string): void {
    this.#extraAdvice = [sentence];
  }

  packet(packet: FlvPacket): void {
    if (this.hasEnded) return;
    if (this.#lastPacketAtMs === undefined) this.#expectBothTracks(bothTracksWithinMs);
    this.#lastPacketAtMs = this.#options.clock.nowMs();
    this.#setSilent(false);
    try {
      this.#reader.packet(packet);
    } catch (err) {
      if (!isCoded(err, 'media.unsupported')) throw err;
      this.end('refused', err.message);
    }
  }

  /** Idempotent. A problem is told to the instructor and to whoever runs the encoder. */
  end(reason: DetachReason, problem: string | null = null): void {
    if (this.hasEnded) return;
    this.#state = 'ended';
    this.#endReason = reason;
    this.#stopListening();
    for (const cancel of this.#cancels) cancel();
    for (const tap of Object.values(this.#taps)) tap.end();
    this.#attachment?.detach(reason);
    for (const ingress of this.#ingresses) ingress.close('unpublished');
    this.#feed.closeSoon();
    if (reason === 'refused') this.#reportHealth('refused', problem);
    if (reason === 'encoderGone') this.#reportHealth('gone', problem);
    if (reason === 'refused') this.#logger.warn({ reason, problem }, 'ingestSession.refused');
    else this.#logger.info({ reason, problem }, 'ingestSession.ended');
    this.#options.onEnded(reason, problem);
  }

  videoConfig(config: AvcConfig): void {
    this.#recent.clearTrack('video');
    this.#inspector.videoConfig(config);
    this.#taps.video.setFormat(config.format);
    this.#feed.videoConfig(config);
    const { codecString, widthPx, heightPx } = config.format;
    this.#logger.info({ codecString, widthPx, heightPx }, 'ingestSession.videoFormat');
  }

  audioFormat(format: AudioFormat): void {
    this.#recent.clearTrack('audio');
    this.#inspector.audioFormat(format);
    this.#taps.audio.setFormat(format);
    this.#feed.audioFormat(format);
  }

  frame(kind: TrackKind, frame: EncodedFrame): void {
    this.#recent.push(kind, frame);
    this.#inspector.frame(kind, frame);
    this.#taps[kind].push(frame);
    this.#feed.frame(kind, frame);
    if (this.#state === 'waiting' && this.#hasBothTracks()) this.#open();
  }

  damaged(kind: TrackKind, reason: string): void {
    this.#taps[kind].gap();
    this.#damage.count += 1;
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#damage.loggedAtMs < damageLogIntervalMs) return;
    this.#logger.warn({ kind, reason, count: this.#damage.count }, 'ingestSession.frameDamaged');
    this.#damage = { count: 0, loggedAtMs: nowMs };
  }

  #hasBothTracks(): boolean {
    return this.#recent.frames('video')[0]?.isKeyframe === true && this.#recent.frames('audio').length > 0;
  }

  #expectBothTracks(withinMs: number): void {
    this.#after(withinMs, () => {
      if (this.#state !== 'waiting') return;
      this.end('refused', missingMedia({ video: this.#taps.video.format !== undefined, audio: this.#taps.audio.format !== undefined }));
    });
  }

  #open(): void {
    this.#state = 'opening';
    this.#opening += 1;
    background('ingestSession.open', this.#openMedia(this.#opening), this.#logger);
    if (!this.#attaching) this.#after(attachWithinMs, () => this.#attachWithoutRoom());
  }

  #attachWithoutRoom(): void {
    if (this.#state !== 'opening' || this.#attaching) return;
    background('ingestSession.attachWithoutRoom', this.#attach(undefined), this.#logger);
  }

  /** The room may be gone for a moment, while its worker is replaced: tried until it is there. */
  async #openMedia(attempt: number): Promise<void> {
    const isCurrent = () => this.#state === 'opening' && this.#opening === attempt;
    while (isCurrent()) {
      try {
        await this.#connectRoom(isCurrent);
        if (isCurrent()) this.#state = 'running';
      } catch (err) {
        if (!isCurrent()) return;
        if (isCoded(err, 'media.unavailable')) {
          this.#logger.warn({ err }, 'ingestSession.roomUnavailable');
          await new Promise<void>((resolve) => this.#options.clock.after(reopenDelayMs, resolve));
        } else {
          this.end('refused', err instanceof CodedError ? err.message : 'Lectern could not open the room for this encoder.');
          if (!(err instanceof CodedError)) throw err;
        }
      }
    }
  }

  async #connectRoom(isCurrent: () => boolean): Promise<void> {
    const opened: RtpIngress[] = [];
    try {
      const [video, audio] = [await this.#openIngress('video', opened), await this.#openIngress('audio', opened)];
      if (!isCurrent()) throw new CodedError('media.unavailable', 'The room changed while it was being opened.');
      await this.#attach({ video: video.track, audio: audio.track });
      if (!isCurrent()) throw new CodedError('media.unavailable', 'The room changed while it was being opened.');
      this.#ingresses = opened;
      this.#feed.setDestination({ video, audio });
    } catch (err) {
      for (const ingress of opened) ingress.close('unpublished');
      throw err;
    }
  }

  async #openIngress(kind: TrackKind, opened: RtpIngress[]): Promise<RtpIngress> {
    const profile = kind === 'video' ? { profileLevelId: browserProfileLevelId } : {};
    const ingress = await this.#options.lecture.openRtpIngress({ kind, ssrc: this.#ssrc, payloadType: payloadTypes[kind], ...profile });
    opened.push(ingress);
    return ingress;
  }

  async #attach(tracks: IngestTracks | undefined): Promise<void> {
    if (this.#attaching && tracks) return (await this.#attaching)?.attachTracks(tracks);
    this.#attaching = this.#attachFirst(tracks);
    await this.#attaching;
  }

  async #attachFirst(tracks: IngestTracks | undefined): Promise<IngestAttachment | undefined> {
    const attachment = await this.#options.lecture.attach({ protocol: 'rtmp', sources: this.#taps, tracks });
    if (this.hasEnded) return void attachment.detach(this.#endReason);
    this.#attachment = attachment;
    if (this.#isSilent) attachment.setSilent(true);
    const source = this.#inspector.measure();
    this.#logger.info({ ...source, isReencoded: this.#feed.isReencoded }, 'ingestSession.attached');
    return attachment;
  }

  #onEvent(fact: IngestLectureEvent): void {
    if (fact.type === 'lecture.ended') {
      this.end('stopping', 'The lecture has ended.');
    } else if (this.#state === 'running' || this.#state === 'opening') {
      this.#feed.setDestination(undefined);
      this.#ingresses = [];
      this.#open();
    }
  }

  #watchSilence(): void {
    this.#after(silenceCheckMs, () => {
      if (this.#options.clock.nowMs() - (this.#lastPacketAtMs ?? Infinity) >= silentAfterMs) this.#setSilent(true);
      this.#watchSilence();
    });
  }

  #setSilent(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#attachment?.setSilent(isSilent);
    this.#logger.info({ isSilent }, 'ingestSession.silenceChanged');
  }

  /** Unless it has ended by then. */
  #after(delayMs: number, act: () => void): void {
    if (this.hasEnded) return;
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      act();
    });
    this.#cancels.add(cancel);
  }

  #reportHealthLater(): void {
    this.#after(healthIntervalMs, () => {
      this.#reportHealth(this.#state === 'running' ? 'running' : 'connecting', this.#isSilent ? silenceProblem : this.#feed.problem);
      this.#reportHealthLater();
    });
  }

  #reportHealth(state: IngestHealth['state'], problem: string | null): void {
    const source = this.#inspector.measure();
    const health = healthOf({ state, problem, source, isReencoded: this.#feed.isReencoded, extraAdvice: this.#extraAdvice });
    this.#options.lecture.reportHealth(health);
  }
}

/**
 * Constrained Baseline, level 3.1: the one H.264 profile that every browser negotiates. A copied Main or High picture goes
 * under this name too, since their decoders take it and go by the parameter sets in band.
 */
const browserProfileLevelId = '42e01f';
