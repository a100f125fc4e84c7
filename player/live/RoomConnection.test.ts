import { expect, it } from 'vitest';
import { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';

it('A page broadcasts while it sends and the network lets it through, and then its room has had a broadcast', () => {
  const never = () => new Promise<never>(() => undefined);
  const connection = new RoomConnection({ as: 'presenter', fetchTicket: never, fetchState: never });
  connection.room.value = { hasBroadcast: false } as RoomState;
  expect(connection.isBroadcasting.value).toBe(false);
  connection.reachability.send.isBlocked.value = true;
  connection.publisher.sending.value = new Set(['camera']);
  expect([connection.isBroadcasting.value, connection.room.value.hasBroadcast]).toEqual([false, false]);
  connection.reachability.send.isBlocked.value = false;
  expect([connection.isBroadcasting.value, connection.room.value.hasBroadcast]).toEqual([true, true]);
  connection.publisher.sending.value = new Set();
  expect([connection.isBroadcasting.value, connection.room.value.hasBroadcast]).toEqual([false, true]);
});
