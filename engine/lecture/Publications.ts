import { CodedError, PublicationId } from '../contract/index.ts';
import type { ParticipantId, Publication, TrackKind, TrackSource } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import type { FrameTap } from '../media/index.ts';
import type { MediaCloseReason, MediaTrack } from './ports.ts';

/** A track offered to the room, with the media behind it. */
export interface LivePublication {
  view: Publication;
  track: MediaTrack;
  /** Its encoded frames at the source: what a recording takes. */
  frames: FrameTap;
}

export interface PublishOptions {
  participantId: ParticipantId;
  source: TrackSource;
  kind: TrackKind;
  track: MediaTrack;
  isPaused: boolean;
}

/** The tracks on offer in one room. Owns the tracks: taking a publication away closes its track. */
export class Publications {
  readonly #publications = new Map<PublicationId, LivePublication>();

  add(offer: PublishOptions): LivePublication {
    const { participantId, source, kind, track, isPaused } = offer;
    const view: Publication = {
      id: PublicationId.parse(newId('pub')),
      participantId,
      source,
      kind,
      isPaused,
      isSimulcast: track.isSimulcast,
    };
    const publication: LivePublication = { view, track, frames: track.frames };
    this.#publications.set(view.id, publication);
    return publication;
  }

  get(publicationId: PublicationId): LivePublication {
    const publication = this.#publications.get(publicationId);
    if (!publication) throw new CodedError('publication.notFound', 'This track has ended.');
    return publication;
  }

  find(publicationId: PublicationId): LivePublication | undefined {
    return this.#publications.get(publicationId);
  }

  all(): LivePublication[] {
    return [...this.#publications.values()];
  }

  of(participantId: ParticipantId): LivePublication[] {
    return this.all().filter(({ view }) => view.participantId === participantId);
  }

  /** Takes it from the list first, so that the closing of its track finds nothing left to do. */
  remove(publicationId: PublicationId, reason: MediaCloseReason): LivePublication | undefined {
    const publication = this.#publications.get(publicationId);
    if (!publication) return undefined;
    this.#publications.delete(publicationId);
    publication.track.close(reason);
    return publication;
  }
}
