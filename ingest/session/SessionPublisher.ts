import { CodedError, isCoded } from '#engine/contract';
import type { TrackKind } from '#engine/contract';
import type { RtpIngress } from '#engine';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { payloadTypes } from '../feed/feedOptions.ts';
import type { WebRtcFeed } from '../feed/WebRtcFeed.ts';
import type { DetachReason, IngestAttachment, IngestLecture, IngestSources, IngestTracks } from '../IngestLectures.ts';
import { attachWithinMs, roomRetryMs } from '../limits.ts';

/**
 * Constrained Baseline, level 3.1: the one H.264 profile that every browser negotiates. A copied Main or High stream is
 * announced under this profile too, because browsers decode both and read the parameter sets in band.
 */
const browserProfileLevelId = '42e01f';

export interface SessionPublisherOptions {
  lecture: IngestLecture;
  /** The name of its participant in the lecture. */
  displayName: string;
  sources: IngestSources;
  feed: Pick<WebRtcFeed, 'setDestination'>;
  /** One for both tracks, each of which is an RTP session of its own: browsers keep tracks of one source in sync. */
  ssrc: number;
  clock: Clock;
  logger: Logger;
  onAttached: () => void;
  /** The lecture refuses the session. */
  onRefused: (problem: string) => void;
}

/**
 * Publishes one session in its lecture, and connects its WebRTC feed to the lecture's room, again whenever the room is
 * rebuilt. Owns the attachment and the RTP ingresses; `close` ends both.
 */
export class SessionPublisher {
  readonly #options: SessionPublisherOptions;
  #state: 'idle' | 'connecting' | 'connected' | 'closed' = 'idle';
  #attempt = 0;
  #ingresses: RtpIngress[] = [];
  #attaching: Promise<IngestAttachment | undefined> | undefined;
  #attachment: IngestAttachment | undefined;
  #isSilent = false;
  #closeReason: DetachReason = 'disconnected';
  #cancelWait: () => void = () => undefined;

  constructor(options: SessionPublisherOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** The room carries both tracks. */
  get isConnected(): boolean {
    return this.#state === 'connected';
  }

  publish(): void {
    if (this.#state !== 'idle') return;
    this.#cancelWait = this.#options.clock.after(attachWithinMs, () => this.#attachWithoutRoom());
    this.#connect();
  }

  /** The room was rebuilt. */
  reconnect(): void {
    if (this.#state === 'idle' || this.#state === 'closed') return;
    this.#options.feed.setDestination(undefined);
    this.#ingresses = [];
    this.#connect();
  }

  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    this.#attachment?.setSilent(isSilent);
  }

  /** Idempotent. */
  close(reason: DetachReason): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#closeReason = reason;
    this.#cancelWait();
    this.#attachment?.detach(reason);
    for (const ingress of this.#ingresses) ingress.close('unpublished');
  }

  #connect(): void {
    this.#state = 'connecting';
    this.#attempt += 1;
    background('ingestSession.connect', this.#connectUntilDone(this.#attempt), this.#options.logger);
  }

  #attachWithoutRoom(): void {
    if (this.#attaching) return;
    background('ingestSession.attachWithoutRoom', this.#attach(undefined), this.#options.logger);
  }

  /** The room is unavailable for a moment while its worker is replaced: tries until it is there. */
  async #connectUntilDone(attempt: number): Promise<void> {
    const { clock, logger, onRefused } = this.#options;
    const isCurrent = () => this.#state === 'connecting' && this.#attempt === attempt;
    while (isCurrent()) {
      try {
        await this.#connectRoom(isCurrent);
        if (isCurrent()) this.#state = 'connected';
      } catch (err) {
        if (!isCurrent()) return;
        if (isCoded(err, 'media.unavailable')) {
          logger.warn({ err }, 'ingestSession.roomUnavailable');
          await new Promise<void>((resolve) => clock.after(roomRetryMs, resolve));
        } else {
          onRefused(err instanceof CodedError ? err.message : 'Lectern could not open the room for this encoder.');
          if (!(err instanceof CodedError)) throw err;
        }
      }
    }
  }

  async #connectRoom(isCurrent: () => boolean): Promise<void> {
    const opened: RtpIngress[] = [];
    try {
      const [video, audio] = [await this.#openIngress('video', opened), await this.#openIngress('audio', opened)];
      requireSameRoom(isCurrent);
      await this.#attachTracks({ video: video.track, audio: audio.track });
      requireSameRoom(isCurrent);
      this.#ingresses = opened;
      this.#options.feed.setDestination({ video, audio });
    } catch (err) {
      for (const ingress of opened) ingress.close('unpublished');
      throw err;
    }
  }

  async #openIngress(kind: TrackKind, opened: RtpIngress[]): Promise<RtpIngress> {
    const { lecture, ssrc } = this.#options;
    const profile = kind === 'video' ? { profileLevelId: browserProfileLevelId } : {};
    const ingress = await lecture.openRtpIngress({ kind, ssrc, payloadType: payloadTypes[kind], ...profile });
    opened.push(ingress);
    return ingress;
  }

  async #attachTracks(tracks: IngestTracks): Promise<void> {
    if (!this.#attaching) await this.#attach(tracks);
    else await (await this.#attaching)?.attachTracks(tracks);
  }

  async #attach(tracks: IngestTracks | undefined): Promise<void> {
    this.#attaching = this.#attachOnce(tracks);
    await this.#attaching;
  }

  async #attachOnce(tracks: IngestTracks | undefined): Promise<IngestAttachment | undefined> {
    const { lecture, displayName, sources, onAttached } = this.#options;
    const attachment = await lecture.attach({ displayName, sources, tracks });
    if (this.#state === 'closed') return void attachment.detach(this.#closeReason);
    this.#attachment = attachment;
    if (this.#isSilent) attachment.setSilent(true);
    onAttached();
    return attachment;
  }
}

function requireSameRoom(isCurrent: () => boolean): void {
  if (!isCurrent()) throw new CodedError('media.unavailable', 'The room changed while it was being opened.');
}
