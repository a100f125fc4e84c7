import { signal } from '@preact/signals';
import type { types } from 'mediasoup-client';
import { isCoded } from '#engine/contract';
import type { Publication, PublicationId } from '#engine/contract';
import type { RequestInput } from '#signaling/contract';
import { background } from '../app/background.ts';
import { LinkOnDemand, MediaLink } from './MediaLink.ts';
import type { PublishHandler, RoomSession } from './MediaLink.ts';
import { decideRetry } from './reconnectPolicy.ts';
import { encodingFor } from './trackEncodings.ts';
import type { LocalSourceKind } from './trackEncodings.ts';

interface LocalPublication {
  track: MediaStreamTrack;
  isPaused: boolean;
  producer: types.Producer | undefined;
  publicationId: PublicationId | undefined;
  /** `takenOver`: it was on the air, and someone else is now. */
  air: 'standby' | 'onAir' | 'takenOver';
  /** Number of failures in a row. */
  failures: number;
  problem: unknown;
}

/**
 * In charge of every track that this page sends: keeps the room in sync with the local tracks, also after reconnecting.
 * Owns the send link and its producers, not the tracks; `close` closes what it owns.
 */
export class TrackPublisher {
  /** The sources that are published now. */
  readonly sending = signal<ReadonlySet<LocalSourceKind>>(new Set());
  /** The sources that were on the air until someone else went on the air. They are still published, on standby. */
  readonly takenOver = signal<ReadonlySet<LocalSourceKind>>(new Set());
  /** Why a local track could not be published; undefined without a problem. */
  readonly problem = signal<unknown>(undefined);
  private readonly publications = new Map<LocalSourceKind, LocalPublication>();
  private session: RoomSession | undefined;
  private link: LinkOnDemand | undefined;
  private queue: Promise<void> = Promise.resolve();

  /** Publishes all local tracks on a new session. */
  attach(session: RoomSession): void {
    this.detach();
    this.session = session;
    this.link = new LinkOnDemand(() => MediaLink.open(session, 'send', this.publishHandler(session)));
    if (this.publications.size === 0) session.reachability.send.markReachable();
    for (const source of this.publications.keys()) this.sync(source);
  }

  detach(): void {
    this.link?.close();
    this.link = undefined;
    this.session = undefined;
    for (const local of this.publications.values()) {
      local.producer = undefined;
      local.publicationId = undefined;
      local.air = 'standby';
      local.failures = 0;
    }
    this.updateSending();
    this.updateTakenOver();
  }

  /** Publishes a track. Another track for the same source replaces it without a break, and retries after a failure. */
  publish(source: LocalSourceKind, track: MediaStreamTrack, isPaused = false): void {
    const earlier = this.publications.get(source);
    if (earlier) {
      if (earlier.track === track && (!earlier.producer || isSent(earlier))) return;
      earlier.track = track;
      earlier.failures = 0;
      track.enabled = !earlier.isPaused;
      this.sync(source);
      return;
    }
    track.enabled = !isPaused;
    this.publications.set(source, { track, isPaused, producer: undefined, publicationId: undefined, air: 'standby', failures: 0, problem: undefined });
    this.sync(source);
  }

  setPaused(source: LocalSourceKind, isPaused: boolean): void {
    const local = this.publications.get(source);
    if (!local) return;
    local.isPaused = isPaused;
    local.track.enabled = !isPaused;
    this.enqueue(local, async () => {
      const { session } = this;
      if (!session || !local.producer || local.publicationId === undefined) return;
      if (local.isPaused) local.producer.pause();
      else local.producer.resume();
      await session.signaling.request('track.setPaused', { publicationId: local.publicationId, isPaused: local.isPaused });
    });
  }

  /** `isOff`: the source is turned off, while others continue. It is paused first, so that viewers do not keep its last frame. */
  unpublish(source: LocalSourceKind, { isOff = false } = {}): void {
    const local = this.publications.get(source);
    if (!local) return;
    this.publications.delete(source);
    this.updateTakenOver();
    this.enqueue(local, async () => {
      if (isOff && source !== 'microphone') await this.pauseBeforeEnd(local);
      local.producer?.close();
      this.updateSending();
      if (this.session && local.publicationId !== undefined) await this.requestUnpublish(local.publicationId, this.session);
    });
  }

  private async pauseBeforeEnd({ producer, publicationId }: LocalPublication): Promise<void> {
    producer?.pause();
    if (!this.session || publicationId === undefined) return;
    try {
      await this.session.signaling.request('track.setPaused', { publicationId, isPaused: true });
    } catch {
      // The request that unpublishes it follows, and its failure is reported.
    }
  }

  /** A publication of this page or of another one has changed. */
  publicationChanged({ id, isStandby }: Publication): void {
    const local = [...this.publications.values()].find(({ publicationId }) => publicationId === id);
    if (!local) return;
    if (!isStandby) local.air = 'onAir';
    else if (local.air === 'onAir') local.air = 'takenOver';
    this.updateTakenOver();
  }

  /** What WebRTC has measured of a source; undefined while it is not published. */
  statsOf(source: LocalSourceKind): Promise<RTCStatsReport> | undefined {
    return this.publications.get(source)?.producer?.getStats();
  }

  close(): void {
    this.detach();
    this.publications.clear();
    this.updateTakenOver();
  }

  /** Publishes the current track of a source: replaces the track of its producer, or creates a producer. */
  private sync(source: LocalSourceKind): void {
    const local = this.publications.get(source);
    if (!local) return;
    this.enqueue(local, async () => {
      const { session, link } = this;
      if (!session || !link || this.publications.get(source) !== local || isSent(local)) return;
      if (local.producer) return local.producer.replaceTrack({ track: local.track });
      try {
        await this.produce(source, local, { session, link });
      } catch (error) {
        if (this.session === session) this.retryLater(source, local, error);
        throw error;
      }
    });
  }

  private async produce(source: LocalSourceKind, local: LocalPublication, { session, link }: { session: RoomSession; link: LinkOnDemand }): Promise<void> {
    const { transport } = await link.open();
    if (this.session !== session || this.publications.get(source) !== local) return;
    const producer = await transport.produce({
      ...encodingFor(source, session.device),
      track: local.track,
      stopTracks: false,
      disableTrackOnPause: true,
      zeroRtpOnPause: false,
      appData: { source, local },
    });
    // Kept even if it was unpublished meanwhile: the queued unpublish closes it.
    if (this.session !== session) return;
    local.producer = producer;
    local.failures = 0;
    if (local.isPaused) producer.pause();
    this.updateSending();
  }

  /** Retries while the track is still published locally and the failure is temporary. */
  private retryLater(source: LocalSourceKind, local: LocalPublication, error: unknown): void {
    const { session } = this;
    if (isCoded(error, 'transport.notFound')) return session?.rejoin();
    const next = decideRetry(error, local.failures);
    if (next.kind !== 'retry' || local.track.readyState === 'ended') return;
    local.failures += 1;
    setTimeout(() => {
      if (this.session === session && this.publications.get(source) === local) this.sync(source);
    }, next.delayMs);
  }

  /** Retries temporary failures: otherwise a dead track stays in the room and in the recording. */
  private async requestUnpublish(publicationId: PublicationId, session: RoomSession, failures = 0): Promise<void> {
    if (this.session?.signaling !== session.signaling) return;
    try {
      await session.signaling.request('track.unpublish', { publicationId });
    } catch (error) {
      const next = decideRetry(error, failures);
      // Another publication may have replaced it already.
      if (isCoded(error, 'publication.notFound')) return;
      if (next.kind !== 'retry') throw error;
      setTimeout(() => background(this.requestUnpublish(publicationId, session, failures + 1)), next.delayMs);
    }
  }

  private publishHandler(session: RoomSession): PublishHandler {
    return async (transportId, { kind, rtpParameters, appData }) => {
      const { source, local } = appData as { source: LocalSourceKind; local: LocalPublication };
      const { publication, trackId } = await session.signaling.request('track.publish', {
        transportId,
        source,
        kind,
        rtpParameters: rtpParameters as RequestInput<'track.publish'>['rtpParameters'],
        isPaused: local.isPaused,
      });
      if (this.session === session) {
        local.publicationId = publication.id;
        local.air = publication.isStandby ? 'standby' : 'onAir';
      }
      return trackId;
    };
  }

  /** Runs one change at a time, so that the negotiation and the responses stay in order. */
  private enqueue(local: LocalPublication, change: () => Promise<void>): void {
    const { session } = this;
    const setProblem = (problem: unknown) => {
      local.problem = problem;
      this.problem.value = [...this.publications.values()].find((each) => each.problem !== undefined)?.problem;
    };
    this.queue = this.queue.then(change).then(
      () => setProblem(isSent(local) ? undefined : local.problem),
      (error: unknown) => {
        if (this.session === session) setProblem(error);
      },
    );
    background(this.queue);
  }

  private updateTakenOver(): void {
    const sources = [...this.publications].filter(([, { air }]) => air === 'takenOver').map(([source]) => source);
    if (sources.length !== this.takenOver.peek().size) this.takenOver.value = new Set(sources);
  }

  private updateSending(): void {
    this.sending.value = new Set([...this.publications].filter(([, { producer }]) => producer !== undefined).map(([source]) => source));
  }
}

/** The room has the current track, not an earlier one of the same source. */
function isSent({ producer, track }: LocalPublication): boolean {
  return producer?.track === track;
}
