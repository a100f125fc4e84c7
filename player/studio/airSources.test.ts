import { expect, it } from 'vitest';
import type { RoomState } from '../live/roomState.ts';
import { airSources } from './airSources.ts';

type Room = Pick<RoomState, 'self' | 'publications' | 'participants'>;

const room = {
  self: { id: 'prt_self' },
  participants: [{ id: 'prt_self', displayName: 'Ada' }, { id: 'prt_ben', displayName: 'Ben' }],
  publications: [
    { participantId: 'prt_ben', source: 'camera', isStandby: true },
    { participantId: 'prt_ben', source: 'screen', isStandby: false },
    { participantId: 'prt_obs', source: 'program', isStandby: false },
    { participantId: 'prt_self', source: 'camera', isStandby: true },
  ],
} as unknown as Room;

it('lists this page first, then the encoder, then other presenters, and says who is on the air', () => {
  expect(airSources(room, { isSending: true, isOnAir: false })).toEqual([
    { participantId: 'prt_self', kind: 'own', name: undefined, isOnAir: false },
    { participantId: 'prt_obs', kind: 'encoder', name: undefined, isOnAir: true },
    { participantId: 'prt_ben', kind: 'presenter', name: 'Ben', isOnAir: false },
  ]);
  expect(airSources(room, { isSending: false, isOnAir: false }).map(({ kind }) => kind)).toEqual(['encoder', 'presenter']);
});
