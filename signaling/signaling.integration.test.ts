import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { FakeTrack, until } from '#engine/testing';
import { requests } from './contract/index.ts';
import { closeDelayMs } from './limits.ts';
import { accepted, received, request, useTestRoom } from './testing/index.ts';
import type { Client } from './testing/index.ts';

const room = useTestRoom();
const newUserId = () => UserId.parse(newId('usr'));
const h264 = { codecs: [{ mimeType: 'video/H264', payloadType: 102, clockRate: 90_000 }] };

/** Waits until the server has disconnected a client that it sent out of the room. */
async function disconnected(client: Client): Promise<void> {
  room.clock.advance(closeDelayMs);
  await until('the close', () => !client.connected);
}

describe('joining', () => {
  it('returns the room: people, chat, tracks, state', async () => {
    const owner = await room.join('owner');
    await request(owner, 'chat.post', { text: '  Welcome  ' });
    const ack = await request(room.connect(), 'room.join', { ticket: room.ticketFor('student') });
    expect(ack).toMatchObject({ ok: true, data: { participantCount: 2, lecture: { state: 'live' }, chat: [{ text: 'Welcome' }], ingestHealth: null } });
    if (ack.ok) requests['room.join'].ack.parse(ack.data);
  });

  it.each([
    ['no token', () => 'nonsense', 'auth.invalid'],
    ['a token of another audience', () => room.tokens.sign('playback', { videoId: newId('vid') as never, recordingId: null, viewer: { userId: newUserId(), loginId: 'x' } }, 60), 'auth.invalid'],
    ['an expired token', () => room.tokens.sign('join', { ticketId: 'x', userId: newUserId(), loginId: 'x', lectureId: room.lecture.id, courseId: room.courseId, displayName: 'x', role: 'student' }, -1), 'auth.expired'],
    ['a lecture that does not exist', () => room.ticketFor('student', undefined, LectureId.parse(newId('lec'))), 'lecture.notFound'],
  ])('is refused with %s, and so is every other request', async (_what, ticket, code) => {
    const client = room.connect();
    expect(await request(client, 'room.join', { ticket: ticket() })).toMatchObject({ ok: false, error: { code } });
    expect(await request(client, 'chat.post', { text: 'hi' })).toMatchObject({ ok: false, error: { code: 'auth.required' } });
    expect(await request(client, 'transport.open', { direction: 'recv' })).toMatchObject({ ok: false, error: { code: 'auth.required' } });
  });

  it('as presenter is refused to a student', async () => {
    const ack = await request(room.connect(), 'room.join', { ticket: room.ticketFor('student'), as: 'presenter' });
    expect(ack).toMatchObject({ ok: false, error: { code: 'access.denied' } });
  });

  it('again as presenter leaves the earlier page in the room', async () => {
    const userId = newUserId();
    const first = await room.join('owner', userId);
    const closed = received(first, 'room.closed');
    await room.join('owner', userId);
    expect(await request(first, 'roster.list', {})).toMatchObject({ ok: true });
    expect(closed).toEqual([]);
  });
});

describe('people in the room', () => {
  it('are removed with a message, disconnected, and cannot join again', async () => {
    const userId = newUserId();
    const [owner, student] = [await room.join('owner'), await room.join('student', userId)];
    const closed = received(student, 'room.closed');
    expect(await request(owner, 'participant.remove', { userId })).toMatchObject({ ok: true });
    await disconnected(student);
    expect(closed).toMatchObject([{ reason: 'removed' }]);
    expect(await request(room.connect(), 'room.join', { ticket: room.ticketFor('student', userId) })).toMatchObject({ ok: false, error: { code: 'participant.removed' } });
  });

  it('who are no longer assistants have to join again, as students', async () => {
    const userId = newUserId();
    const assistant = await room.join('assistant', userId);
    const closed = received(assistant, 'room.closed');
    room.registry.setRole(userId, room.courseId, 'student');
    await disconnected(assistant);
    expect(closed).toMatchObject([{ reason: 'roleChanged' }]);
    const student = await room.join('student', userId);
    expect(await request(student, 'chat.setSlowMode', { intervalMs: 1000 })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    room.registry.setRole(userId, room.courseId, 'assistant');
    expect(await request(student, 'chat.setSlowMode', { intervalMs: 1000 })).toMatchObject({ ok: true });
  });

  it('cannot be muted or removed by an assistant when they own the course or are not part of it', async () => {
    const ownerId = newUserId();
    room.roles.set(ownerId, 'owner');
    const assistant = await room.join('assistant');
    for (const isPresent of [false, true]) {
      if (isPresent) await room.join('owner', ownerId);
      expect(await request(assistant, 'participant.remove', { userId: ownerId })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
      expect(await request(assistant, 'chat.setMuted', { userId: ownerId, isMuted: true })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    }
    expect(await request(assistant, 'participant.remove', { userId: newUserId() })).toMatchObject({ ok: false, error: { code: 'participant.notFound' } });
  });

  it('receive a new title of the lecture, and join with it', async () => {
    const student = await room.join('student');
    const changed = received(student, 'lecture.changed');
    await room.registry.update(room.lecture.id, { title: 'More optics' });
    await until('the push', () => changed.length > 0);
    expect(changed).toMatchObject([{ state: 'live', title: 'More optics' }]);
    expect(await accepted(room.connect(), 'room.join', { ticket: room.ticketFor('student') })).toMatchObject({ lecture: { title: 'More optics' } });
  });

  it('receive the end of the lecture', async () => {
    const student = await room.join('student');
    const [changed, closed] = [received(student, 'lecture.changed'), received(student, 'room.closed')];
    await room.registry.end(room.lecture.id, 'presenter');
    await until('the close message', () => closed.length > 0);
    expect(changed).toMatchObject([{ state: 'ended', endReason: 'presenter' }]);
    expect(closed).toMatchObject([{ reason: 'lectureEnded' }]);
  });

  it('cannot use ids of another lecture', async () => {
    const student = await room.join('student');
    const other = await room.startLecture(CourseId.parse(newId('crs')));
    const owner = other.enter({ userId: newUserId(), displayName: 'other', kind: 'presenter', role: 'owner' });
    const message = await other.chat.post(owner, 'secret');
    expect(await request(await room.join('owner'), 'chat.delete', { messageId: message.id })).toMatchObject({ ok: false, error: { code: 'message.notFound' } });
    expect(await request(student, 'hand.lower', { participantId: owner.id })).toMatchObject({ ok: false, error: { code: 'participant.notFound' } });
    expect(other.chat.history).toHaveLength(1);
  });
});

describe('the chat', () => {
  it('sends a message to everyone once, and to its author in the acknowledgement too', async () => {
    const [owner, student] = [await room.join('owner'), await room.join('student')];
    const messages = received(owner, 'chat.posted');
    const ack = await request(student, 'chat.post', { text: 'Why?' });
    await until('the message', () => messages.length > 0);
    expect(ack).toMatchObject({ ok: true, data: { message: messages[0]?.message } });
    expect(messages).toHaveLength(1);
  });
});

describe('media', () => {
  it('is published, announced, subscribed to and unpublished', async () => {
    const [owner, student] = [await room.join('owner'), await room.join('student')];
    const [published, unpublished, closed] = [received(student, 'track.published'), received(student, 'track.unpublished'), received(student, 'subscription.closed')];
    const send = await accepted(owner, 'transport.open', { direction: 'send' });
    const recv = await accepted(student, 'transport.open', { direction: 'recv', rtpCapabilities: room.lecture.requireRoom().rtpCapabilities });
    const { publication } = await accepted(owner, 'track.publish', { transportId: send.transportId, source: 'camera', kind: 'video', rtpParameters: h264 });
    await until('the track', () => published.length > 0);
    expect(published[0]?.publication).toEqual(publication);
    (room.lecture.publications.get(publication.id).track as FakeTrack).media();
    const subscribe = () => accepted(student, 'track.subscribe', { transportId: recv.transportId, publicationId: publication.id });
    const first = await subscribe();
    await subscribe();
    expect(closed, 'a second subscription replaces the first').toEqual([{ subscriptionId: first.subscriptionId }]);
    expect(await request(student, 'track.unpublish', { publicationId: publication.id })).toMatchObject({ ok: false, error: { code: 'publication.notFound' } });
    expect(await request(student, 'track.publish', { transportId: recv.transportId, source: 'camera', kind: 'video', rtpParameters: h264 })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    owner.disconnect();
    await until('the end of the track', () => unpublished.length > 0);
    await until('the interruption', () => room.lecture.view.state === 'interrupted');
  });

  it('without an SFU track cannot be subscribed to until one is attached', async () => {
    const student = await room.join('student');
    const changed = received(student, 'track.changed');
    const recv = await accepted(student, 'transport.open', { direction: 'recv', rtpCapabilities: room.lecture.requireRoom().rtpCapabilities });
    const session = room.lecture.attachEncoder('Encoder');
    const { id: publicationId } = room.lecture.publish(session, { source: 'program', kind: 'video', frameSource: new FakeTrack('video'), track: undefined, isPaused: false });
    const subscribe = () => request(student, 'track.subscribe', { transportId: recv.transportId, publicationId });
    expect(await subscribe()).toMatchObject({ ok: false, error: { code: 'media.unavailable' } });
    await room.lecture.attachTrack(publicationId, new FakeTrack('video'));
    await until('the announcement', () => changed.length > 0);
    expect(await subscribe()).toMatchObject({ ok: true });
  });

  it('is refused when the codec is not of the kind of the track', async () => {
    const owner = await room.join('owner');
    const { transportId } = await accepted(owner, 'transport.open', { direction: 'send' });
    const opus = { codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }] };
    expect(await request(owner, 'track.publish', { transportId, source: 'camera', kind: 'video', rtpParameters: opus })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(room.lecture.publications.all()).toEqual([]);
  });

  it('is unavailable while the media worker is replaced, and everyone stays in the room', async () => {
    const student = await room.join('student');
    const reset = received(student, 'media.reset');
    const { transportId } = await accepted(student, 'transport.open', { direction: 'recv', rtpCapabilities: room.lecture.requireRoom().rtpCapabilities });
    const connectTransport = () => request(student, 'transport.connect', { transportId, dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: '00' }] } });
    const { promise, resolve } = Promise.withResolvers<void>();
    room.plane.workerIsBack = promise;
    room.plane.rooms.at(-1)?.close('workerDied');
    expect(await connectTransport()).toMatchObject({ ok: false, error: { code: 'media.unavailable' } });
    resolve();
    await until('the new room', () => reset.length > 0);
    expect(await connectTransport()).toMatchObject({ ok: false, error: { code: 'transport.notFound' } });
  });
});

describe('a server that loses the lecture to another one', () => {
  it('sends everyone a message, and closes their connections', async () => {
    const student = await room.join('student');
    const closed = received(student, 'room.closed');
    room.lecture.letGo();
    await disconnected(student);
    expect(closed).toMatchObject([{ reason: 'moved' }]);
  });
});

describe('a server that stops', () => {
  it('sends everyone a message, and does not wait for connections that send nothing', async () => {
    const student = await room.join('student');
    const closed = received(student, 'room.closed');
    const silent = connect(room.port, '127.0.0.1');
    await once(silent, 'connect');
    const isStopped = await Promise.race([room.stop().then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 30_000))]);
    silent.destroy();
    expect(isStopped).toBe(true);
    await until('the close', () => !student.connected);
    expect(closed).toMatchObject([{ reason: 'stopping' }]);
  });
});
