import { describe, expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { until } from '#engine/testing';
import type { FakeRoom } from '#engine/testing';
import { placeKeptMs } from './limits.ts';
import { accepted, received, request, useTestRoom } from './testing/index.ts';
import type { Client } from './testing/index.ts';

const room = useTestRoom();

function mediaRoom(): FakeRoom {
  const open = room.plane.rooms.at(-1);
  if (!open) throw new Error('the lecture has a room');
  return open;
}

const receive = (client: Client) => request(client, 'transport.open', { direction: 'recv', rtpCapabilities: mediaRoom().rtpCapabilities });
const refusal = { ok: false, error: { code: 'lecture.full' } };

describe('a lecture that is full here', () => {
  it('refuses media to a further viewer, who stays in the room and its chat', async () => {
    mediaRoom().isFull = true;
    const student = await room.join('student');
    expect(await receive(student)).toMatchObject(refusal);
    expect(await request(student, 'chat.post', { text: 'I see nothing' })).toMatchObject({ ok: true });
    mediaRoom().isFull = false;
    expect(await receive(student)).toMatchObject({ ok: true });
  });

  it('keeps the place of a viewer who opens another connection, or joins again within two minutes', async () => {
    const userId = UserId.parse(newId('usr'));
    const student = await room.join('student', userId);
    expect(await receive(student)).toMatchObject({ ok: true });
    mediaRoom().isFull = true;
    expect(await receive(student)).toMatchObject({ ok: true });
    student.disconnect();
    await until('the media to close', () => mediaRoom().viewers === 0);
    const again = await room.join('student', userId);
    expect(await receive(again)).toMatchObject({ ok: true });
    await request(again, 'room.leave', {});
    room.clock.advance(placeKeptMs);
    expect(await receive(await room.join('student', userId))).toMatchObject(refusal);
  });

  it('keeps the place of a viewer whose room is replaced with its worker', async () => {
    const student = await room.join('student');
    const reset = received(student, 'media.reset');
    expect(await receive(student)).toMatchObject({ ok: true });
    mediaRoom().close('workerDied');
    await until('the new room', () => reset.length > 0);
    mediaRoom().isFull = true;
    expect(await receive(student)).toMatchObject({ ok: true });
    expect(await receive(await room.join('student'))).toMatchObject(refusal);
  });

  it('sends media to presenters', async () => {
    mediaRoom().isFull = true;
    const owner = await room.join('owner');
    expect(await receive(owner)).toMatchObject({ ok: true });
    expect(await request(owner, 'transport.open', { direction: 'send' })).toMatchObject({ ok: true });
  });
});

describe('viewers whose worker is lost', () => {
  it('are notified of each transport that is closed, and open another one', async () => {
    const [student, owner] = [await room.join('student'), await room.join('owner')];
    const [closed, reset, ofOwner] = [received(student, 'transport.closed'), received(student, 'media.reset'), received(owner, 'transport.closed')];
    await accepted(owner, 'transport.open', { direction: 'send' });
    const rtpCapabilities = mediaRoom().rtpCapabilities;
    await accepted(student, 'transport.open', { direction: 'recv', rtpCapabilities });
    const { transportId } = await accepted(student, 'transport.open', { direction: 'recv', rtpCapabilities });
    mediaRoom().loseBranch();
    await until('the notification', () => closed.length > 0);
    expect(await receive(student)).toMatchObject({ ok: true });
    expect([closed, reset, ofOwner]).toEqual([[{ transportId }], [], []]);
  });
});
