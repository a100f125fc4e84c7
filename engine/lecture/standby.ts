import type { ParticipantId, PublicationId, TrackSource } from '../contract/index.ts';
import type { LivePublication } from './Publications.ts';

/** What one participant at a time has on the air: camera, microphone and program together, and the screen. */
type AirGroup = 'main' | 'screen';

const airGroups: Record<TrackSource, AirGroup> = { camera: 'main', microphone: 'main', program: 'main', screen: 'screen' };

type AirPublication = Pick<LivePublication, 'view' | 'arrival'>;

/** Whom an instructor has put on the air: the encoder, also after it has reconnected, or a presenter. */
export type AirChoice = 'encoder' | ParticipantId;

/** Camera, microphone and program are on the air together; an instructor chooses whose. */
export function isMainSource(source: TrackSource): boolean {
  return airGroups[source] === 'main';
}

export function isChosen({ participantId, source }: LivePublication['view'], choice: AirChoice): boolean {
  return choice === 'encoder' ? source === 'program' : participantId === choice;
}

/**
 * The publications that are on standby. In each group one participant is on the air: the chosen one while it sends; else the
 * presenter who went on the air last; else the encoder. A presenter comes before an encoder, because encoders reconnect by
 * themselves. Nobody is on the air without media.
 */
export function standbyOf(publications: readonly AirPublication[], choice?: AirChoice): ReadonlySet<PublicationId> {
  const standby = new Set<PublicationId>();
  for (const group of ['main', 'screen'] as const) {
    const members = publications.filter(({ view }) => airGroups[view.source] === group);
    const onAir = participantOnAir(members, group === 'main' ? choice : undefined);
    if (onAir === undefined) continue;
    for (const { view } of members) if (view.participantId !== onAir) standby.add(view.id);
  }
  return standby;
}

function participantOnAir(publications: readonly AirPublication[], choice: AirChoice | undefined): ParticipantId | undefined {
  const since = new Map<ParticipantId, { isChosen: boolean; isEncoder: boolean; arrival: number }>();
  for (const { view, arrival } of publications) {
    if (arrival === undefined) continue;
    const earlier = since.get(view.participantId)?.arrival ?? Infinity;
    since.set(view.participantId, { isChosen: choice !== undefined && isChosen(view, choice), isEncoder: view.source === 'program', arrival: Math.min(earlier, arrival) });
  }
  const [first] = [...since].sort(([, a], [, b]) => Number(b.isChosen) - Number(a.isChosen) || Number(a.isEncoder) - Number(b.isEncoder) || b.arrival - a.arrival);
  return first?.[0];
}
