import { randomBytes } from 'node:crypto';
import type { CourseId, IngestHealth, TrackKind } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import type { DetachReason, IngestLecture } from '../IngestLectures.ts';
import { WebRtcFeed } from '../feed/WebRtcFeed.ts';
import { RecentMedia } from '../media/RecentMedia.ts';
import { SourceInspector } from '../media/SourceInspector.ts';
import { TrackTap } from '../media/TrackTap.ts';
import { healthOf } from './healthOf.ts';
import type { IngestOrigin } from './IngestConnection.ts';
import type { MediaReceiver, SourceTiming } from './MediaReceiver.ts';
import { missingMedia } from './missingMedia.ts';
import { SessionPublisher } from './SessionPublisher.ts';
import { VideoConverter } from './VideoConverter.ts';
import { anythingWithinMs, bothTracksWithinMs, damageLogIntervalMs, healthIntervalMs, reportedFailures, silenceCheckIntervalMs, silentAfterMs } from '../limits.ts';

const timingAdvice: Record<SourceTiming, readonly string[]> = {
  good: [],
  ahead: [
    'The encoder sends faster than real time, as ffmpeg does with a file. Lectern receives it at normal speed, so the lecture lasts as long as the file. With ffmpeg, write -re before -i. To teach live instead, start your encoder with the same stream key: it takes over.',
  ],
  standing: ['The timestamps that the encoder sends do not advance. Lectern uses the time of arrival instead, so video and audio may be out of sync. Restart the encoder, or update it.'],
};
const silenceProblem = 'Nothing has arrived from the encoder for some seconds, although it is connected. Its network is too slow or interrupted.';

const conversionProblem = 'The video has a format that many browsers cannot play, and it cannot be converted: ffmpeg keeps failing on the server. It is recorded as it is.';

export interface IngestSessionOptions {
  courseId: CourseId;
  lecture: IngestLecture;
  origin: IngestOrigin;
  ffmpegCommand: string;
  clock: Clock;
  logger: Logger;
  /** The session has ended: close its connection. The sentence is for the person who runs the encoder. */
  onEnded(reason: DetachReason, problem: string | null): void;
}

/**
 * One broadcaster in one lecture, whatever its protocol. Sends its frames to the recording, a WebRTC feed to the room, and its
 * health to the instructor. Owns the taps, the converter, the feed and the publisher; `end` closes all of them.
 */
export class IngestSession implements MediaReceiver {
  readonly #options: IngestSessionOptions;
  readonly #recent = new RecentMedia();
  /** What the encoder sends. */
  readonly #inspector = new SourceInspector();
  /** What is recorded and copied: the same, unless the video is converted. */
  readonly #delivered = new SourceInspector();
  readonly #converter: VideoConverter;
  readonly #taps: Record<TrackKind, TrackTap>;
  readonly #feed: WebRtcFeed;
  readonly #publisher: SessionPublisher;
  readonly #logger: Logger;
  readonly #stopListening: () => void;
  /** Nothing more is accepted. */
  #hasEnded = false;
  /** Nothing more is delivered. */
  #isClosed = false;
  #lastArrivalAtMs: number | undefined;
  #isSilent = false;
  #damage = { count: 0, loggedAtMs: -Infinity };
  #extraAdvice: readonly string[] = [];
  #timingAdvice: readonly string[] = [];
  readonly #unreadable: Partial<Record<TrackKind, string>> = {};
  /** Cancels the pending timers. */
  readonly #cancels = new Set<() => void>();

  constructor(options: IngestSessionOptions) {
    this.#options = options;
    const { clock, ffmpegCommand, lecture, courseId, origin } = options;
    const logger = options.logger.child({ lectureId: lecture.lectureId, courseId });
    this.#logger = logger;
    const recent = this.#recent;
    this.#taps = { video: new TrackTap({ kind: 'video', recent, logger, settled: () => this.#converter.settled() }), audio: new TrackTap({ kind: 'audio', recent, logger }) };
    const ssrc = randomBytes(4).readUInt32BE() >>> 1 || 1;
    // One second earlier, because TimeMap may move its anchor back.
    const originUs = Math.floor(clock.nowMs() - 1000) * 1000;
    this.#feed = new WebRtcFeed({ ssrc, originUs, recent: this.#recent, inspector: this.#delivered, ffmpegCommand, clock, logger });
    this.#converter = new VideoConverter({
      environment: { command: ffmpegCommand, clock, logger },
      originUs,
      onConfig: (config) => this.#deliverConfig(config),
      onFrame: (frame) => this.#deliver('video', frame),
    });
    this.#publisher = new SessionPublisher({
      lecture,
      displayName: origin.displayName,
      sources: this.#taps,
      feed: this.#feed,
      ssrc,
      clock,
      logger,
      onAttached: () => logger.info({ ...this.#inspector.measure(), isReencoded: this.#isReencoded }, 'ingestSession.attached'),
      onRefused: (problem) => this.end('refused', problem),
    });
    this.#stopListening = lecture.on((event) => {
      if (event.type === 'lecture.ended') this.end('stopping', 'The lecture has ended.');
      else this.#publisher.reconnect();
    });
    this.#expectBothTracks(anythingWithinMs);
    this.#reportHealthLater();
    this.#watchSilence();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  advise(sentence: string): void {
    this.#extraAdvice = [sentence];
  }

  /** Idempotent. The problem is shown to the instructor and sent to the encoder. */
  end(reason: DetachReason, problem: string | null = null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopListening();
    for (const cancel of this.#cancels) cancel();
    if (this.#converter.isConverting && reason !== 'refused') background('ingestSession.finish', this.#converter.finish().then(() => this.#close(reason)), this.#logger);
    else this.#close(reason);
    if (reason === 'refused') this.#reportHealth('refused', problem);
    if (reason === 'disconnected') this.#reportHealth('gone', problem);
    if (reason === 'refused') this.#logger.warn({ reason, problem }, 'ingestSession.refused');
    else this.#logger.info({ reason, problem }, 'ingestSession.ended');
    this.#options.onEnded(reason, problem);
  }

  /** Ends what the session owns, once its last frames are delivered. */
  #close(reason: DetachReason): void {
    this.#isClosed = true;
    for (const tap of Object.values(this.#taps)) tap.end();
    this.#publisher.close(reason);
    this.#converter.closeSoon();
    this.#feed.closeSoon();
  }

  arrived(): void {
    if (this.#hasEnded) return;
    if (this.#lastArrivalAtMs === undefined) this.#expectBothTracks(bothTracksWithinMs);
    this.#lastArrivalAtMs = this.#options.clock.nowMs();
    this.#setSilent(false);
  }

  videoConfig(config: AvcConfig): void {
    this.#inspector.videoConfig(config);
    this.#converter.config(config);
    const { codecString, widthPx, heightPx } = config.format;
    this.#logger.info({ codecString, widthPx, heightPx, isConverted: this.#converter.isConverting }, 'ingestSession.videoFormat');
  }

  #deliverConfig(config: AvcConfig): void {
    if (this.#isClosed) return;
    this.#recent.clearTrack('video');
    this.#delivered.videoConfig(config);
    this.#taps.video.setFormat(config.format);
    this.#feed.videoConfig(config);
  }

  audioFormat(format: AudioFormat): void {
    this.#recent.clearTrack('audio');
    this.#inspector.audioFormat(format);
    this.#taps.audio.setFormat(format);
    this.#feed.audioFormat(format);
  }

  frame(kind: TrackKind, frame: EncodedFrame): void {
    if (this.#hasEnded) return;
    this.#inspector.frame(kind, frame);
    if (kind === 'video') this.#converter.frame(frame);
    else this.#deliver(kind, frame);
  }

  #deliver(kind: TrackKind, frame: EncodedFrame): void {
    if (this.#isClosed) return;
    this.#recent.push(kind, frame);
    this.#delivered.frame(kind, frame);
    this.#taps[kind].push(frame);
    this.#feed.frame(kind, frame);
    if (this.#publisher.isIdle && this.#hasBothTracks()) this.#publisher.publish();
  }

  damaged(kind: TrackKind, reason: string): void {
    this.#taps[kind].gap();
    this.#logDamage('ingestSession.frameDamaged', { kind, reason });
  }

  unreadable(kind: TrackKind, reason: string): void {
    this.#unreadable[kind] = reason;
    this.#logDamage('ingestSession.configUnreadable', { kind, reason });
  }

  timing(timing: SourceTiming): void {
    this.#timingAdvice = timingAdvice[timing];
    this.#logger.info({ timing }, 'ingestSession.timingChanged');
  }

  /** An encoder may cause this with every message. */
  #logDamage(event: string, fields: { kind: TrackKind; reason: string }): void {
    this.#damage.count += 1;
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#damage.loggedAtMs < damageLogIntervalMs) return;
    this.#logger.warn({ ...fields, count: this.#damage.count }, event);
    this.#damage = { count: 0, loggedAtMs: nowMs };
  }

  #hasBothTracks(): boolean {
    return this.#recent.frames('video')[0]?.isKeyframe === true && this.#recent.frames('audio').length > 0;
  }

  #expectBothTracks(withinMs: number): void {
    this.#after(withinMs, () => {
      if (!this.#publisher.isIdle || this.#converter.isStarting) return;
      this.end('refused', missingMedia({ video: this.#taps.video.format !== undefined, audio: this.#taps.audio.format !== undefined }, this.#unreadable));
    });
  }

  #watchSilence(): void {
    this.#after(silenceCheckIntervalMs, () => {
      if (this.#options.clock.nowMs() - (this.#lastArrivalAtMs ?? Infinity) >= silentAfterMs) this.#setSilent(true);
      this.#watchSilence();
    });
  }

  #setSilent(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#publisher.setSilent(isSilent);
    this.#logger.info({ isSilent }, 'ingestSession.silenceChanged');
  }

  /** Calls `act` unless the session has ended by then. */
  #after(delayMs: number, act: () => void): void {
    if (this.#hasEnded) return;
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      act();
    });
    this.#cancels.add(cancel);
  }

  #reportHealthLater(): void {
    this.#after(healthIntervalMs, () => {
      this.#reportHealth(this.#publisher.isConnected ? 'running' : 'connecting', this.#isSilent ? silenceProblem : this.#problem());
      this.#reportHealthLater();
    });
  }

  get #isReencoded(): boolean {
    return this.#feed.isReencoded || this.#converter.isConverting;
  }

  #problem(): string | null {
    return this.#converter.failures >= reportedFailures ? conversionProblem : this.#feed.problem;
  }

  #reportHealth(state: IngestHealth['state'], problem: string | null): void {
    const { lecture, origin } = this.#options;
    const source = this.#inspector.measure();
    const health = healthOf({ protocol: origin.protocol, state, problem, source, isReencoded: this.#isReencoded, extraAdvice: [...this.#extraAdvice, ...this.#timingAdvice] });
    lecture.reportHealth(health);
  }
}
