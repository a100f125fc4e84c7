import { onTestFinished } from 'vitest';
import { ParticipantId, PublicationId, UserId } from '#engine/contract';
import type { Publication } from '#engine/contract';
import { newId } from '#engine/kernel';
import { FakeTrack } from '#engine/testing';
import { signalingNamespace } from '#signaling/contract';
import { handoverMs, TestRoom } from '#signaling/testing';
import { SignalingClient } from './SignalingClient.ts';
import type { AnyPush } from './SignalingClient.ts';
import { FakeSignaling } from './testing/FakeSignaling.ts';
import { describeSignaling } from './testing/signalingConformance.ts';
import type { JoinedRoom } from './testing/signalingConformance.ts';

describeSignaling('the fake', async () => {
  const pushes: AnyPush[] = [];
  const signaling = new FakeSignaling((push) => pushes.push(push));
  const publishOther = () => {
    const publication = { id: PublicationId.parse(newId('pub')), participantId: ParticipantId.parse(newId('prt')), source: 'camera', kind: 'video', isPaused: false, isSimulcast: false, isStandby: false } as const;
    signaling.add(publication);
    return publication;
  };
  return { signaling, pushes, publishOther, mediaArrives: (publication) => signaling.mediaArrives(publication), passHandover: () => undefined, settle: async () => undefined };
});

describeSignaling('the server', openServer);

async function openServer(): Promise<JoinedRoom> {
  const room = new TestRoom();
  await room.open();
  const pushes: AnyPush[] = [];
  const address = { namespace: `http://127.0.0.1:${room.port}${signalingNamespace}`, path: '/socket.io/' };
  const signaling = await SignalingClient.connect(address, { onPush: (push) => pushes.push(push), onLost: () => undefined });
  onTestFinished(async () => {
    signaling.close();
    await room.close();
  });
  await signaling.request('room.join', { ticket: room.ticketFor('owner'), as: 'presenter' });
  const publishOther = () => {
    const other = room.lecture.enter({ userId: UserId.parse(newId('usr')), displayName: 'other', kind: 'presenter', role: 'owner' });
    return room.lecture.publish(other.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
  };
  const mediaArrives = ({ id }: Publication) => {
    const { track } = room.lecture.publications.get(id);
    if (track instanceof FakeTrack) track.media();
  };
  // A socket delivers in order: what the server pushed before has arrived with the next acknowledgement.
  return { signaling, pushes, publishOther, mediaArrives, passHandover: () => room.clock.advance(handoverMs), settle: async () => void (await signaling.request('roster.list', {})) };
}
