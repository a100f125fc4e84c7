import { CodedError, PublicationId } from '../contract/index.ts';
import type { ParticipantId, Publication, TrackKind, TrackSource } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import type { FrameSource, MediaCloseReason, MediaTrack } from './ports.ts';

/** A source of frames that is published in a lecture, with or without a track in the room. */
export interface LivePublication {
  view: Publication;
  /** What a recording reads: the track itself, or a source of its own. */
  readonly source: FrameSource;
  /** What viewers subscribe to; undefined while no room carries the publication. */
  track: MediaTrack | undefined;
  /** The number of its first media among all publications of the lecture; undefined before. */
  arrival: number | undefined;
}

interface PublicationDetails {
  source: TrackSource;
  kind: TrackKind;
  isPaused: boolean;
}

/** Published by a browser: its frames come from the track, and the publication ends with it. */
interface PublishedTrack extends PublicationDetails {
  track: MediaTrack;
  frameSource?: undefined;
}

/** Published by a source outside the room: the publication outlives the tracks that carry it. */
interface PublishedSource extends PublicationDetails {
  frameSource: FrameSource;
  track: MediaTrack | undefined;
}

export type PublishOptions = PublishedTrack | PublishedSource;

/** The publications of one lecture. Owns their tracks: removing a publication closes its track. */
export class Publications {
  readonly #publications = new Map<PublicationId, LivePublication>();

  add(participantId: ParticipantId, options: PublishOptions): LivePublication {
    const { source, kind, track, isPaused } = options;
    const view: Publication = {
      id: PublicationId.parse(newId('pub')),
      participantId,
      source,
      kind,
      isPaused,
      isSimulcast: track?.isSimulcast ?? false,
      isStandby: false,
    };
    const publication: LivePublication = { view, source: options.frameSource ?? options.track, track, arrival: undefined };
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

  /** Deletes it before it closes the track, so that the track's close listener finds nothing to do. */
  remove(publicationId: PublicationId, reason: MediaCloseReason): LivePublication | undefined {
    const publication = this.#publications.get(publicationId);
    if (!publication) return undefined;
    this.#publications.delete(publicationId);
    publication.track?.close(reason);
    return publication;
  }
}
