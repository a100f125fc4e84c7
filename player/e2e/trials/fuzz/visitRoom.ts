import type { LectureId } from '#engine/contract';
import type { Person } from '../../../demo/Person.ts';
import { Attacker } from './Attacker.ts';

/** A fingerprint as Chromium sends it. No handshake follows, as no media is sent. */
const fingerprints = [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, (_, index) => (index * 7).toString(16).padStart(2, '0').toUpperCase()).join(':') }];

/** Joins a room as a page does: opens a transport, connects it, subscribes to every track, and leaves. */
export async function visitRoom(url: string, person: Person, { lectureId, isPolite }: { lectureId: LectureId; isPolite: boolean }): Promise<void> {
  const { ticket } = await person.api.joinLecture({ body: { lectureId } });
  const visitor = await Attacker.connect(url);
  const room = await visitor.ask('room.join', { ticket });
  const { transportId } = await visitor.ask('transport.open', { direction: 'recv', rtpCapabilities: room.rtpCapabilities });
  await visitor.ask('transport.connect', { transportId, dtlsParameters: { role: 'client', fingerprints } });
  for (const { id: publicationId } of room.publications) {
    const { subscriptionId } = await visitor.ask('track.subscribe', { transportId, publicationId });
    await visitor.ask('subscription.setPaused', { subscriptionId, isPaused: false });
  }
  if (isPolite) await visitor.ask('room.leave', {});
  visitor.leave();
}
