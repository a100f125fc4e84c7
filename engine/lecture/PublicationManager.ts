import { CodedError, may } from '../contract/index.ts';
import type { LectureEventBody, Participant, ParticipantId, Publication, PublicationId } from '../contract/index.ts';
import type { MediaCloseReason, MediaTrack } from './ports.ts';
import type { LivePublication, PublishOptions, Publications } from './Publications.ts';

export interface PublicationManagerOptions {
  publications: Publications;
  note: (fact: LectureEventBody) => void;
  onChanged: (publication: Publication) => void;
  onArrived: () => void;
  /** The last track that brought anything is gone or silent, and nobody took it away. */
  onLost: () => void;
  /** Its presenter has taken back the last track that brought anything. */
  onQuiet: () => void;
}

/** Reasons for which a track goes that the presenter did not ask for: the lecture is interrupted, not merely quiet. */
const lossReasons: ReadonlySet<MediaCloseReason> = new Set(['participantLeft', 'replaced', 'workerDied', 'transportClosed']);

/** Puts tracks on offer in a room and takes them off again, by whoever's doing. Owns what it does to the publications. */
export class PublicationManager {
  readonly #options: PublicationManagerOptions;
  /** Whose tracks are on offer while nothing comes of them. */
  readonly #silent = new Set<ParticipantId>();

  constructor(options: PublicationManagerOptions) {
    this.#options = options;
  }

  /** One of the same source and kind by the same participant is replaced. */
  publish(participant: Participant, options: PublishOptions): Publication {
    if (!may(participant.role, 'lecture.present')) throw new CodedError('access.denied', 'You cannot send video or audio: only presenters can. Open the lecture in the studio.');
    const { publications, note, onQuiet } = this.#options;
    const participantId = participant.id;
    const replaced = publications.of(participantId).filter(({ view }) => view.source === options.source && view.kind === options.kind);
    const publication = publications.add(participantId, options);
    const { id: publicationId, source, kind } = publication.view;
    if (options.frameSource) followTrack(publication);
    else options.track.onClosed((reason) => this.withdraw(publicationId, reason));
    note({ type: 'track.published', data: { publicationId, participantId, source, kind } });
    for (const { view: old } of replaced) this.#remove(old.id, 'replaced');
    // Until something of the new one comes the lecture is quiet, and not interrupted.
    if (replaced.length > 0 && !this.#bringsAnything()) onQuiet();
    publication.source.onMedia(() => this.#arrived(publicationId));
    return publication.view;
  }

  /** @throws CodedError `publication.notFound` when it is someone else's */
  unpublish(participantId: ParticipantId, publicationId: PublicationId): void {
    this.#own(participantId, publicationId);
    this.withdraw(publicationId, 'unpublished');
  }

  /** @throws CodedError `publication.notFound` when it is someone else's */
  async setPaused(participantId: ParticipantId, publicationId: PublicationId, isPaused: boolean): Promise<void> {
    const publication = this.#own(participantId, publicationId);
    await (isPaused ? publication.track?.pause() : publication.track?.resume());
    // It may have gone meanwhile, and nobody is told of it again.
    if (this.#options.publications.find(publicationId) !== publication) return;
    publication.view = { ...publication.view, isPaused };
    this.#options.onChanged(publication.view);
  }

  /** Nothing comes from someone's tracks, although they are on offer; or something comes again. */
  setSilent(participantId: ParticipantId, isSilent: boolean): void {
    const { publications, onLost, onArrived } = this.#options;
    if (isSilent === this.#silent.has(participantId) || publications.of(participantId).length === 0) return;
    if (isSilent) this.#silent.add(participantId);
    else this.#silent.delete(participantId);
    if (!isSilent) onArrived();
    else if (!this.#bringsAnything()) onLost();
  }

  /** Has a track carry a publication with a source of its own, until that track closes. @throws CodedError `publication.notFound` */
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
    const { publications, onLost, onQuiet } = this.#options;
    const publication = publications.find(publicationId);
    if (!publication) return;
    this.#remove(publicationId, reason);
    if (!publication.source.hasMedia || this.#bringsAnything()) return;
    if (lossReasons.has(reason)) onLost();
    else if (reason === 'unpublished') onQuiet();
  }

  withdrawAllOf(participantId: ParticipantId, reason: MediaCloseReason): void {
    for (const { view } of this.#options.publications.of(participantId)) this.withdraw(view.id, reason);
  }

  withdrawAll(reason: MediaCloseReason): void {
    for (const { view } of this.#options.publications.all()) this.withdraw(view.id, reason);
  }

  #remove(publicationId: PublicationId, reason: MediaCloseReason): void {
    const { publications, note } = this.#options;
    const { participantId, source, kind } = publications.get(publicationId).view;
    publications.remove(publicationId, reason);
    note({ type: 'track.unpublished', data: { publicationId, participantId, source, kind, reason } });
    if (publications.of(participantId).length === 0) this.#silent.delete(participantId);
  }

  #arrived(publicationId: PublicationId): void {
    if (this.#options.publications.find(publicationId)) this.#options.onArrived();
  }

  #bringsAnything(): boolean {
    return this.#options.publications.all().some(({ view, source }) => source.hasMedia && !this.#silent.has(view.participantId));
  }

  #own(participantId: ParticipantId, publicationId: PublicationId): LivePublication {
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
