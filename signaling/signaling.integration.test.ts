import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { until } from '#engine/testing';
import { requests } from './contract/index.ts';
import { ask, heard, useRoomBench } from './testing/RoomBench.ts';

const bench = useRoomBench();

describe('joining', () => {
  it('shows the room as it is: people, chat, tracks, state', async () => {
    const teacher = await bench.join('owner');
    await ask(teacher, 'chat.post', { text: '  Welcome  ' });
    const student = bench.connect();
    const answer = await ask(student, 'room.join', { ticket: bench.ticketFor('student') });
    expect(answer).toMatchObject({ ok: true, data: { participantCount: 2, lecture: { state: 'live' }, chat: [{ text: 'Welcome' }], ingestHealth: null } });
    if (answer.ok) requests['room.join'].ack.parse(answer.data);
  });

  it.each([
    ['no token', () => 'nonsense', 'auth.invalid'],
    ['a token for something else', () => bench.tokens.sign('playback', { userId: UserId.parse(newId('usr')), lectureId: bench.lecture.id, recordingId: newId('rec') as never }, 60), 'auth.invalid'],
    ['an expired token', () => bench.tokens.sign('join', { ticketId: 'x', userId: UserId.parse(newId('usr')), lectureId: bench.lecture.id, courseId: bench.courseId, displayName: 'x', role: 'student' }, -1), 'auth.expired'],
    ['a lecture that does not exist', () => bench.ticketFor('student', undefined, LectureId.parse(newId('lec'))), 'lecture.notFound'],
  ])('with %s gets nothing', async (_what, ticket, code) => {
    const browser = bench.connect();
    expect(await ask(browser, 'room.join', { ticket: ticket() })).toMatchObject({ ok: false, error: { code } });
    expect(await ask(browser, 'chat.post', { text: 'hi' })).toMatchObject({ ok: false, error: { code: 'auth.required' } });
    expect(await ask(browser, 'transport.open', { direction: 'recv' })).toMatchObject({ ok: false, error: { code: 'auth.required' } });
  });

  it('as presenter is refused to a student', async () => {
    const browser = bench.connect();
    expect(await ask(browser, 'room.join', { ticket: bench.ticketFor('student'), as: 'presenter' })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
  });

  it('again as the same presenter takes the place of the earlier page', async () => {
    const userId = UserId.parse(newId('usr'));
    const first = await bench.join('owner', userId);
    const closed = heard(first, 'room.closed');
    await bench.join('owner', userId);
    await until('the farewell', () => closed.length > 0);
    expect(closed[0]?.reason).toBe('replaced');
    expect(bench.lecture.roster.peopleCount).toBe(1);
  });
});

describe('in the room', () => {
  it('a message reaches everyone once, and its author gets it as the answer', async () => {
    const [teacher, student] = [await bench.join('owner'), await bench.join('student')];
    const messages = heard(teacher, 'chat.posted');
    const answer = await ask(student, 'chat.post', { text: 'Why?' });
    await until('the message', () => messages.length > 0);
    expect(answer).toMatchObject({ ok: true, data: { message: messages[0]?.message } });
    expect(messages).toHaveLength(1);
  });

  it('nobody is sent out of the room while its media worker is replaced', async () => {
    const student = await bench.join('student');
    const reset = heard(student, 'media.reset');
    const recv = await ask(student, 'transport.open', { direction: 'recv' });
    if (!recv.ok) throw new Error('no transport');
    const connect = () => ask(student, 'transport.connect', { transportId: recv.data.transportId, dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: '00' }] } });
    const back = Promise.withResolvers<void>();
    bench.plane.workerIsBack = back.promise;
    bench.plane.rooms.at(-1)?.close('workerDied');
    expect(await connect()).toMatchObject({ ok: false, error: { code: 'media.unavailable' } });
    back.resolve();
    await until('the new room', () => reset.length > 0);
    expect(await connect()).toMatchObject({ ok: false, error: { code: 'transport.notFound' } });
  });

  it('a track is announced, subscribed to and taken back', async () => {
    const [teacher, student] = [await bench.join('owner'), await bench.join('student')];
    const published = heard(student, 'track.published');
    const unpublished = heard(student, 'track.unpublished');
    const send = await ask(teacher, 'transport.open', { direction: 'send' });
    const recv = await ask(student, 'transport.open', { direction: 'recv' });
    if (!send.ok || !recv.ok) throw new Error('no transport');
    const rtpParameters = { codecs: [{ mimeType: 'video/H264', payloadType: 102, clockRate: 90_000 }] };
    const offer = await ask(teacher, 'track.publish', { transportId: send.data.transportId, source: 'camera', kind: 'video', rtpParameters });
    if (!offer.ok) throw new Error(offer.error.message);
    await until('the track', () => published.length > 0);
    const { publication } = offer.data;
    expect(published[0]?.publication).toEqual(publication);
    const closed = heard(student, 'subscription.closed');
    const take = () => ask(student, 'track.subscribe', { transportId: recv.data.transportId, publicationId: publication.id, rtpCapabilities: {} });
    const first = await take();
    expect(await take()).toMatchObject({ ok: true });
    expect(closed.map(({ subscriptionId }) => subscriptionId), 'a track is sent to a browser once').toEqual([first.ok && first.data.subscriptionId]);
    expect(await ask(student, 'track.unpublish', { publicationId: publication.id })).toMatchObject({ ok: false, error: { code: 'publication.notFound' } });
    expect(await ask(student, 'track.publish', { transportId: recv.data.transportId, source: 'camera', kind: 'video', rtpParameters })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    teacher.disconnect();
    await until('the track to go', () => unpublished.length > 0);
    await until('the interruption', () => bench.lecture.view.state === 'interrupted');
  });

  it('someone removed is told, hung up on, and cannot come back', async () => {
    const userId = UserId.parse(newId('usr'));
    const [teacher, student] = [await bench.join('owner'), await bench.join('student', userId)];
    const closed = heard(student, 'room.closed');
    expect(await ask(teacher, 'participant.remove', { userId })).toMatchObject({ ok: true });
    await until('the hang-up', () => !student.connected);
    expect(closed).toMatchObject([{ reason: 'removed' }]);
    expect(await ask(bench.connect(), 'room.join', { ticket: bench.ticketFor('student', userId) })).toMatchObject({ ok: false, error: { code: 'participant.removed' } });
  });

  it('who is an assistant no more is out, and comes back as a student', async () => {
    const userId = UserId.parse(newId('usr'));
    const assistant = await bench.join('assistant', userId);
    const closed = heard(assistant, 'room.closed');
    bench.registry.setRole(userId, bench.courseId, 'student');
    await until('the hang-up', () => !assistant.connected);
    expect(closed).toMatchObject([{ reason: 'left' }]);
    const student = await bench.join('student', userId);
    expect(await ask(student, 'chat.setSlowMode', { intervalMs: 1000 })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    bench.registry.setRole(userId, bench.courseId, 'assistant');
    expect(await ask(student, 'chat.setSlowMode', { intervalMs: 1000 })).toMatchObject({ ok: true });
  });

  it('an assistant cannot mute or remove who owns the course, nor someone who is no part of it', async () => {
    const owner = UserId.parse(newId('usr'));
    bench.roles.set(owner, 'owner');
    const assistant = await bench.join('assistant');
    for (const present of [false, true]) {
      if (present) await bench.join('owner', owner);
      expect(await ask(assistant, 'participant.remove', { userId: owner })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
      expect(await ask(assistant, 'chat.setMuted', { userId: owner, isMuted: true })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    }
    expect(await ask(assistant, 'participant.remove', { userId: UserId.parse(newId('usr')) })).toMatchObject({ ok: false, error: { code: 'participant.notFound' } });
  });

  it('a hand that goes up and down and up is soon not heard of any more', async () => {
    const [teacher, student] = [await bench.join('owner'), await bench.join('student')];
    const raised = heard(teacher, 'hand.raised');
    const answers = [];
    for (let time = 0; time < 10; time += 1) {
      answers.push(await ask(student, 'hand.raise', {}));
      await ask(student, 'hand.lower', {});
    }
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
    expect(answers.at(-1)).toMatchObject({ ok: false, error: { code: 'request.tooFrequent', retryAfterMs: 2000 } });
    expect(raised).toHaveLength(5);
  });

  it('a track whose codec is of another kind is refused', async () => {
    const teacher = await bench.join('owner');
    const send = await ask(teacher, 'transport.open', { direction: 'send' });
    if (!send.ok) throw new Error('no transport');
    const rtpParameters = { codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }] };
    expect(await ask(teacher, 'track.publish', { transportId: send.data.transportId, source: 'camera', kind: 'video', rtpParameters })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(bench.lecture.publications.all()).toEqual([]);
  });

  it('everyone hears the end', async () => {
    const student = await bench.join('student');
    const [changed, closed] = [heard(student, 'lecture.changed'), heard(student, 'room.closed')];
    await bench.registry.end(bench.lecture.id, 'presenter');
    await until('the farewell', () => closed.length > 0);
    expect(changed).toMatchObject([{ state: 'ended', endReason: 'presenter' }]);
    expect(closed).toMatchObject([{ reason: 'lectureEnded' }]);
  });

  it('ids of another lecture are no good', async () => {
    const student = await bench.join('student');
    const other = await bench.startLecture(CourseId.parse(newId('crs')));
    const owner = other.enter({ userId: UserId.parse(newId('usr')), displayName: 'other', kind: 'presenter', role: 'owner' });
    const message = await other.chat.post(owner, 'secret');
    const teacher = await bench.join('owner');
    expect(await ask(teacher, 'chat.delete', { messageId: message.id })).toMatchObject({ ok: false, error: { code: 'message.notFound' } });
    expect(await ask(student, 'hand.lower', { participantId: owner.id })).toMatchObject({ ok: false, error: { code: 'participant.notFound' } });
    expect(other.chat.history).toHaveLength(1);
  });

  it('a stop tells everyone and hangs up, and does not wait for browsers that have connected and ask nothing', async () => {
    const student = await bench.join('student');
    const closed = heard(student, 'room.closed');
    const silent = connect((bench.httpServer.address() as AddressInfo).port, '127.0.0.1');
    await once(silent, 'connect');
    const stopped = await Promise.race([bench.signaling.close().then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 30_000))]);
    silent.destroy();
    expect(stopped).toBe(true);
    await until('the socket to be closed', () => !student.connected);
    expect(closed).toMatchObject([{ reason: 'stopping' }]);
  });
});
