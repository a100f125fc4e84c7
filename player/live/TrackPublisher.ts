import { signal } from '@preact/signals';
import type { types } from 'mediasoup-client';
import { isCoded } from '#engine/contract';
import type { PublicationId } from '#engine/contract';
import type { RequestInput } from '#signaling/contract';
import { background } from '../app/background.ts';
import { LinkOnDemand, MediaLink } from './MediaLink.ts';
import type { PublishHandler, RoomSession } from './MediaLink.ts';
import { nextTry } from './reconnectPolicy.ts';
import { encodingFor } from './trackEncodings.ts';
import type { LocalSourceKind } from './trackEncodings.ts';

interface Offer {
  track: MediaStreamTrack;
  isPaused: boolean;
  producer: types.Producer | undefined;
  publicationId: PublicationId | undefined;
  /** How often sending it failed in a row. */
  failures: number;
  problem: unknown;
}

/**
 * In charge of every track this page sends: holds what the room has to what is offered, through reconnections. Owns the
 * sending link and its producers, not the tracks; `close` ends what it owns.
 */
export class TrackPublisher {
  /** The sources that the room has now. */
  readonly sending = signal<ReadonlySet<LocalSourceKind>>(new Set());
  /** Why something that is offered could not be sent. */
  readonly problem = signal<unknown>(undefined);
  private readonly offers = new Map<LocalSourceKind, Offer>();
  private stay: RoomSession | undefined;
  private link: LinkOnDemand | undefined;
  private work: Promise<void> = Promise.resolve();

  /** Sends everything that is offered, on a fresh stay. */
  attach(stay: RoomSession): void {
    this.detach();
    this.stay = stay;
    this.link = new LinkOnDemand(() => MediaLink.open(stay, 'send', this.publishOn(stay)));
    if (this.offers.size === 0) stay.reach.send.clear();
    for (const source of this.offers.keys()) this.send(source);
  }

  detach(): void {
    this.link?.close();
    this.link = undefined;
    this.stay = undefined;
    for (const offer of this.offers.values()) {
      offer.producer = undefined;
      offer.publicationId = undefined;
      offer.failures = 0;
    }
    this.noteSending();
  }

  /** Offers a track; offering another one for the same source changes it without a break, or anew where that has failed. */
  offer(source: LocalSourceKind, track: MediaStreamTrack, isPaused = false): void {
    const earlier = this.offers.get(source);
    if (earlier) {
      if (earlier.track === track && (!earlier.producer || isSent(earlier))) return;
      earlier.track = track;
      earlier.failures = 0;
      track.enabled = !earlier.isPaused;
      this.send(source);
      return;
    }
    track.enabled = !isPaused;
    this.offers.set(source, { track, isPaused, producer: undefined, publicationId: undefined, failures: 0, problem: undefined });
    this.send(source);
  }

  setPaused(source: LocalSourceKind, isPaused: boolean): void {
    const offer = this.offers.get(source);
    if (!offer) return;
    offer.isPaused = isPaused;
    offer.track.enabled = !isPaused;
    this.enqueue(offer, async () => {
      const { stay } = this;
      if (!stay || !offer.producer || offer.publicationId === undefined) return;
      if (offer.isPaused) offer.producer.pause();
      else offer.producer.resume();
      await stay.signaling.request('track.setPaused', { publicationId: offer.publicationId, isPaused: offer.isPaused });
    });
  }

  withdraw(source: LocalSourceKind): void {
    const offer = this.offers.get(source);
    if (!offer) return;
    this.offers.delete(source);
    this.enqueue(offer, async () => {
      offer.producer?.close();
      this.noteSending();
      if (this.stay && offer.publicationId !== undefined) await this.takeBack(offer.publicationId, this.stay);
    });
  }

  close(): void {
    this.detach();
    this.offers.clear();
  }

  /** Brings the room what is offered: over the producer that there is, or else over a new one. */
  private send(source: LocalSourceKind): void {
    const offer = this.offers.get(source);
    if (!offer) return;
    this.enqueue(offer, async () => {
      const { stay, link } = this;
      if (!stay || !link || this.offers.get(source) !== offer || isSent(offer)) return;
      if (offer.producer) return offer.producer.replaceTrack({ track: offer.track });
      try {
        await this.produce(source, offer, { stay, link });
      } catch (error) {
        if (this.stay === stay) this.tryLater(source, offer, error);
        throw error;
      }
    });
  }

  private async produce(source: LocalSourceKind, offer: Offer, { stay, link }: { stay: RoomSession; link: LinkOnDemand }): Promise<void> {
    const { transport } = await link.open();
    if (this.stay !== stay || this.offers.get(source) !== offer) return;
    const producer = await transport.produce({
      ...encodingFor(source, stay.device),
      track: offer.track,
      stopTracks: false,
      disableTrackOnPause: true,
      zeroRtpOnPause: false,
      appData: { source, offer },
    });
    // What was withdrawn meanwhile is kept too: its turn to be ended comes next.
    if (this.stay !== stay) return;
    offer.producer = producer;
    offer.failures = 0;
    if (offer.isPaused) producer.pause();
    this.noteSending();
  }

  /** Goes on while it is offered and there is a chance. */
  private tryLater(source: LocalSourceKind, offer: Offer, error: unknown): void {
    const { stay } = this;
    if (isCoded(error, 'transport.notFound')) return stay?.rejoin();
    const next = nextTry(error, offer.failures);
    if (next.kind !== 'retry' || offer.track.readyState === 'ended') return;
    offer.failures += 1;
    setTimeout(() => {
      if (this.stay === stay && this.offers.get(source) === offer) this.send(source);
    }, next.delayMs);
  }

  /** Goes on while there is a chance: what the room keeps is a dead track, for everyone in it and for the recording. */
  private async takeBack(publicationId: PublicationId, stay: RoomSession, failures = 0): Promise<void> {
    if (this.stay?.signaling !== stay.signaling) return;
    try {
      await stay.signaling.request('track.unpublish', { publicationId });
    } catch (error) {
      const next = nextTry(error, failures);
      // Another may have taken its place meanwhile.
      if (isCoded(error, 'publication.notFound')) return;
      if (next.kind !== 'retry') throw error;
      setTimeout(() => background(this.takeBack(publicationId, stay, failures + 1)), next.delayMs);
    }
  }

  private publishOn(stay: RoomSession): PublishHandler {
    return async (transportId, { kind, rtpParameters, appData }) => {
      const { source, offer } = appData as { source: LocalSourceKind; offer: Offer };
      const { publication, trackId } = await stay.signaling.request('track.publish', {
        transportId,
        source,
        kind,
        rtpParameters: rtpParameters as RequestInput<'track.publish'>['rtpParameters'],
        isPaused: offer.isPaused,
      });
      if (this.stay === stay) offer.publicationId = publication.id;
      return trackId;
    };
  }

  /** One change at a time: the browser's negotiation and the room's answers stay in step. */
  private enqueue(offer: Offer, change: () => Promise<void>): void {
    const { stay } = this;
    const note = (problem: unknown) => {
      offer.problem = problem;
      this.problem.value = [...this.offers.values()].find((each) => each.problem !== undefined)?.problem;
    };
    this.work = this.work.then(change).then(
      () => note(isSent(offer) ? undefined : offer.problem),
      (error: unknown) => {
        if (this.stay === stay) note(error);
      },
    );
    background(this.work);
  }

  private noteSending(): void {
    this.sending.value = new Set([...this.offers].filter(([, { producer }]) => producer !== undefined).map(([source]) => source));
  }
}

/** The room has the track that is offered, not only an earlier one in its place. */
function isSent({ producer, track }: Offer): boolean {
  return producer?.track === track;
}
