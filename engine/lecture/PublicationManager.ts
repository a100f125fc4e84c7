import { CodedError } from '../contract/index.ts';
import type { LectureEventBody, ParticipantId, Publication, PublicationId } from '../contract/index.ts';
import type { MediaCloseReason, MediaTrack } from './ports.ts';
import type { LivePublication, PublishOptions, Publications } from './Publications.ts';
import { isMainSource, standbyOf } from './standby.ts';
import type { AirChoice } from './standby.ts';

export interface PublicationManagerOptions {
  publications: Publications;
  /** Media was on the air before the process started. */
  hasBroadcastBefore: boolean;
  record: (event: LectureEventBody) => void;
  onChanged: (publication: Publication) => void;
  onMediaArrived: () => void;
  /** The last publication with media is lost or silent. */
  onMediaLost: () => void;
  /** The presenter has withdrawn the last publication with media. */
  onLastWithdrawn: () => void;
}

/** Reasons for which a publication is lost. They interrupt the lecture; a withdrawal by the presenter does not. */
const lossReasons: ReadonlySet<MediaCloseReason> = new Set(['participantLeft', 'replaced', 'workerDied', 'transportClosed']);

/** Adds and withdraws the publications of one lecture, keeps one presenter or encoder on the air, and reports when media is lost and returns. */
export class PublicationManager {
  readonly #options: PublicationManagerOptions;
  /** Participants whose publications receive nothing. */
  readonly #silent = new Set<ParticipantId>();
  #arrivals = 0;
  #choice: AirChoice | undefined;

  constructor(options: PublicationManagerOptions) {
    this.#options = options;
  }

  /** Some publication has sent media and is not silent. */
  get hasMedia(): boolean {
    return this.#options.publications.all().some(({ view, source }) => source.hasMedia && !this.#silent.has(view.participantId));
  }

  /** Media is on the air, or has been. */
  get hasBroadcast(): boolean {
    return this.#options.hasBroadcastBefore || this.#arrivals > 0;
  }

  /** Replaces a publication of the same source and kind by the same participant. */
  publish(participantId: ParticipantId, options: PublishOptions): Publication {
    const { publications, record, onLastWithdrawn } = this.#options;
    const replaced = publications.of(participantId).filter(({ view }) => view.source === options.source && view.kind === options.kind);
    const publication = publications.add(participantId, options);
    const { id: publicationId, source, kind } = publication.view;
    if (options.frameSource) followTrack(publication);
    else options.track.onClosed((reason) => this.withdraw(publicationId, reason));
    publication.view = { ...publication.view, isStandby: standbyOf(publications.all(), this.#choice).has(publicationId) };
    record({ type: 'track.published', data: { publicationId, participantId, source, kind } });
    for (const { view: old } of replaced) this.#remove(old.id, 'replaced');
    // The lecture is not interrupted while the new one has no media yet.
    if (replaced.length > 0 && !this.hasMedia) onLastWithdrawn();
    publication.source.onMedia(() => this.#arrived(publicationId));
    return publication.view;
  }

  /** @throws CodedError `publication.notFound`, also for a publication of another participant */
  unpublish(participantId: ParticipantId, publicationId: PublicationId): void {
    this.#getOwn(participantId, publicationId);
    this.withdraw(publicationId, 'unpublished');
  }

  /** @throws CodedError `publication.notFound`, also for a publication of another participant */
  async setPaused(participantId: ParticipantId, publicationId: PublicationId, isPaused: boolean): Promise<void> {
    const publication = this.#getOwn(participantId, publicationId);
    await (isPaused ? publication.track?.pause() : publication.track?.resume());
    // It may have been withdrawn meanwhile.
    if (this.#options.publications.find(publicationId) !== publication) return;
    publication.view = { ...publication.view, isPaused };
    this.#options.onChanged(publication.view);
  }

  /** Puts one of those that send on the air, until it stops or another presenter goes on the air. @throws CodedError `publication.notFound` */
  choose(participantId: ParticipantId): void {
    const chosen = this.#options.publications.of(participantId).find(({ view, arrival }) => isMainSource(view.source) && arrival !== undefined);
    if (!chosen) throw new CodedError('publication.notFound', 'Nothing arrives from this source. Start it, then choose it again.');
    this.#choice = chosen.view.source === 'program' ? 'encoder' : participantId;
    this.#updateStandby();
  }

  /** A participant's publications receive nothing, although they are published; or they receive media again. */
  setSilent(participantId: ParticipantId, isSilent: boolean): void {
    const { publications, onMediaLost, onMediaArrived } = this.#options;
    if (isSilent === this.#silent.has(participantId) || publications.of(participantId).length === 0) return;
    if (isSilent) this.#silent.add(participantId);
    else this.#silent.delete(participantId);
    if (!isSilent) onMediaArrived();
    else if (!this.hasMedia) onMediaLost();
  }

  /** Carries a publication with a source of its own over this track until the track closes. @throws CodedError `publication.notFound` */
  async attachTrack(publicationId: PublicationId, track: MediaTrack): Promise<void> {
    const publication = this.#options.publications.get(publicationId);
    const before = publication.track;
    publication.track = track;
    before?.close('replaced');
    publication.view = { ...publication.view, isSimulcast: track.isSimulcast };
    followTrack(publication);
    if (publication.view.isPaused) await track.pause();
    if (publication.track === track) this.#options.onChanged(publication.view);
  }

  withdraw(publicationId: PublicationId, reason: MediaCloseReason): void {
    const { publications, onMediaLost, onLastWithdrawn } = this.#options;
    const publication = publications.find(publicationId);
    if (!publication) return;
    this.#remove(publicationId, reason);
    if (!publication.source.hasMedia || this.hasMedia) return;
    if (lossReasons.has(reason)) onMediaLost();
    else if (reason === 'unpublished') onLastWithdrawn();
  }

  withdrawAllOf(participantId: ParticipantId, reason: MediaCloseReason): void {
    // Audio first: video that ends before the audio would look like a camera that was turned off.
    const audioFirst = this.#options.publications.of(participantId).sort((a, b) => Number(a.view.kind === 'video') - Number(b.view.kind === 'video'));
    for (const { view } of audioFirst) this.withdraw(view.id, reason);
  }

  withdrawAll(reason: MediaCloseReason): void {
    for (const { view } of this.#options.publications.all()) this.withdraw(view.id, reason);
  }

  #remove(publicationId: PublicationId, reason: MediaCloseReason): void {
    const { publications, record } = this.#options;
    const { participantId, source, kind } = publications.get(publicationId).view;
    publications.remove(publicationId, reason);
    record({ type: 'track.unpublished', data: { publicationId, participantId, source, kind, reason } });
    if (publications.of(participantId).length === 0) this.#silent.delete(participantId);
    this.#updateStandby();
  }

  #arrived(publicationId: PublicationId): void {
    const publication = this.#options.publications.find(publicationId);
    if (!publication) return;
    if (this.#startsPresenting(publication)) this.#choice = undefined;
    this.#arrivals += 1;
    publication.arrival = this.#arrivals;
    this.#options.onMediaArrived();
    this.#updateStandby();
  }

  /** The first camera or microphone of a presenter: going on the air is a choice of its own. */
  #startsPresenting({ view: { participantId, source } }: LivePublication): boolean {
    const sends = this.#options.publications.of(participantId).some(({ view, arrival }) => isMainSource(view.source) && arrival !== undefined);
    return source !== 'program' && isMainSource(source) && !sends;
  }

  /** Those that go on the air are announced first. */
  #updateStandby(): void {
    const { publications, onChanged } = this.#options;
    const standby = standbyOf(publications.all(), this.#choice);
    const changed = publications.all().filter(({ view }) => view.isStandby !== standby.has(view.id));
    for (const publication of changed) publication.view = { ...publication.view, isStandby: standby.has(publication.view.id) };
    for (const { view } of changed.sort((a, b) => Number(a.view.isStandby) - Number(b.view.isStandby))) onChanged(view);
  }

  #getOwn(participantId: ParticipantId, publicationId: PublicationId): LivePublication {
    const publication = this.#options.publications.get(publicationId);
    if (publication.view.participantId !== participantId) throw new CodedError('publication.notFound', 'This track belongs to another participant.');
    return publication;
  }
}

/** Detaches the track of a publication when it closes. */
function followTrack(publication: LivePublication): void {
  const { track } = publication;
  track?.onClosed(() => {
    if (publication.track === track) publication.track = undefined;
  });
}
