import type { CourseAction } from '#engine/contract';
import type { RequestName } from './requests.ts';

/**
 * What a request needs. `ticket`: a valid ticket, with a role that may watch. `member`: to have joined the room. An action: a role
 * in the course that allows it. `others`: the action that is needed where the request is about somebody else's message or hand.
 */
export type RequestAccess = 'ticket' | 'member' | { action: CourseAction; others?: CourseAction };

const presenting = { action: 'lecture.present' } as const;

/** A request that is missing here does not compile. `SocketSession` enforces `action`; the engine, which knows the author, `others`. */
export const requestAccess = {
  'room.join': 'ticket',
  'room.leave': 'member',
  'roster.list': 'member',
  // To receive. To send, `lecture.present`: the direction is in the data.
  'transport.open': 'member',
  'transport.connect': 'member',
  'transport.restartIce': 'member',
  'track.publish': presenting,
  'track.setPaused': 'member',
  'track.unpublish': 'member',
  'track.subscribe': 'member',
  'subscription.setPaused': 'member',
  'subscription.setPreferredLayers': 'member',
  'subscription.close': 'member',
  'chat.post': { action: 'chat.post' },
  'chat.delete': { action: 'chat.post', others: 'chat.moderate' },
  'chat.setMuted': { action: 'chat.moderate' },
  'chat.setSlowMode': { action: 'chat.moderate' },
  'hand.raise': { action: 'hand.raise' },
  'hand.lower': { action: 'hand.raise', others: 'hand.lowerOthers' },
  'hand.lowerAll': { action: 'hand.lowerOthers' },
  'air.choose': presenting,
  'participant.remove': { action: 'participant.remove' },
} as const satisfies Record<RequestName, RequestAccess>;
