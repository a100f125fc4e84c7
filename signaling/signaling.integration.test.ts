import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { LectureRegistry } from '#engine';
import type { LiveLecture } from '#engine';
import { newId, openSqliteDatabase, systemClock, TokenSigner } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { FakeMediaPlane, silentLogger, until } from '#engine/testing';
import { requests, signalingNamespace } from './contract/index.ts';
import type { Ack, ClientToServer, PushData, PushName, RequestInput, RequestName, ServerToClient } from './contract/index.ts';
import { createSignaling } from './index.ts';
import type { SignalingServer } from './index.ts';

type Browser = Socket<ServerToClient, ClientToServer>;

const courseId = CourseId.parse(newId('crs'));
const tokens = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, systemClock);
let httpServer: Server;
let database: Database;
let registry: LectureRegistry;
let signaling: SignalingServer;
let lecture: LiveLecture;
let browsers: Browser[] = [];

async function startLecture(): Promise<LiveLecture> {
  const row = await registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: UserId.parse(newId('usr')) });
  return registry.start(LectureId.parse(row._id));
}

function ticketFor(role: CourseRole, userId = UserId.parse(newId('usr')), lectureId = lecture.id): string {
  return tokens.sign('join', { userId, lectureId, courseId, displayName: role, role }, 60);
}

function connect(): Browser {
  const { port } = httpServer.address() as AddressInfo;
  const browser: Browser = io(`http://127.0.0.1:${port}${signalingNamespace}`, { transports: ['websocket'], reconnection: false });
  browsers.push(browser);
  return browser;
}

/** Sends anything at all, past the types. */
function askRaw(browser: Browser, name: string, data: unknown): Promise<unknown> {
  const raw = browser.timeout(5000) as unknown as { emitWithAck(name: string, data: unknown): Promise<unknown> };
  return raw.emitWithAck(name, data);
}

function ask<N extends RequestName>(browser: Browser, name: N, request: RequestInput<N>): Promise<Ack<N>> {
  return askRaw(browser, name, request) as Promise<Ack<N>>;
}

function heard<N extends PushName>(browser: Browser, name: N): PushData<N>[] {
  const list: PushData<N>[] = [];
  browser.on(name, ((data: PushData<N>) => list.push(data)) as never);
  return list;
}

async function join(role: CourseRole, userId?: UserId): Promise<Browser> {
  const browser = connect();
  const answer = await ask(browser, 'room.join', { ticket: ticketFor(role, userId), as: role === 'student' ? 'viewer' : 'presenter' });
  expect(answer).toMatchObject({ ok: true });
  return browser;
}

beforeEach(async () => {
  database = await openSqliteDatabase({ path: ':memory:' });
  registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: systemClock, logger: silentLogger, graceMs: 300_000 });
  httpServer = createServer();
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  signaling = createSignaling({ httpServer, registry, tokens, clock: systemClock, logger: silentLogger, config: { LECTERN_MAX_CONNECTIONS: 100 } });
  lecture = await startLecture();
});

afterEach(async () => {
  for (const browser of browsers) browser.disconnect();
  browsers = [];
  await signaling.close();
  await registry.close();
  await database.close();
});

describe('joining', () => {
  it('shows the room as it is: people, chat, tracks, state', async () => {
    const teacher = await join('owner');
    await ask(teacher, 'chat.post', { text: '  Welcome  ' });
    const student = connect();
    const answer = await ask(student, 'room.join', { ticket: ticketFor('student') });
    expect(answer).toMatchObject({ ok: true, data: { participantCount: 2, lecture: { state: 'live' }, chat: [{ text: 'Welcome' }], ingestHealth: null } });
    if (answer.ok) requests['room.join'].ack.parse(answer.data);
  });

  it.each([
    ['no token', () => 'nonsense', 'auth.invalid'],
    ['a token for something else', () => tokens.sign('playback', { userId: UserId.parse(newId('usr')), lectureId: lecture.id, recordingId: newId('rec') as never }, 60), 'auth.invalid'],
    ['an expired token', () => tokens.sign('join', { userId: UserId.parse(newId('usr')), lectureId: lecture.id, courseId, displayName: 'x', role: 'student' }, -1), 'auth.expired'],
    ['a lecture that does not exist', () => ticketFor('student', undefined, LectureId.parse(newId('lec'))), 'lecture.notFound'],
  ])('with %s gets nothing', async (_what, ticket, code) => {
    const browser = connect();
    expect(await ask(browser, 'room.join', { ticket: ticket() })).toMatchObject({ ok: false, error: { code } });
    expect(await ask(browser, 'chat.post', { text: 'hi' })).toMatchObject({ ok: false, error: { code: 'auth.required' } });
    expect(await ask(browser, 'transport.open', { direction: 'recv' })).toMatchObject({ ok: false, error: { code: 'auth.required' } });
  });

  it('as presenter is refused to a student', async () => {
    const browser = connect();
    expect(await ask(browser, 'room.join', { ticket: ticketFor('student'), as: 'presenter' })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
  });

  it('again as the same presenter takes the place of the earlier page', async () => {
    const userId = UserId.parse(newId('usr'));
    const first = await join('owner', userId);
    const closed = heard(first, 'room.closed');
    await join('owner', userId);
    await until('the farewell', () => closed.length > 0);
    expect(closed[0]?.reason).toBe('replaced');
    expect(lecture.roster.peopleCount).toBe(1);
  });
});

describe('in the room', () => {
  it('a message reaches everyone once, and its author gets it as the answer', async () => {
    const [teacher, student] = [await join('owner'), await join('student')];
    const messages = heard(teacher, 'chat.posted');
    const answer = await ask(student, 'chat.post', { text: 'Why?' });
    await until('the message', () => messages.length > 0);
    expect(answer).toMatchObject({ ok: true, data: { message: messages[0]?.message } });
    expect(messages).toHaveLength(1);
  });

  it('a track is announced, subscribed to and taken back', async () => {
    const [teacher, student] = [await join('owner'), await join('student')];
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
    expect(await ask(student, 'track.subscribe', { transportId: recv.data.transportId, publicationId: publication.id, rtpCapabilities: {} })).toMatchObject({ ok: true });
    expect(await ask(student, 'track.unpublish', { publicationId: publication.id })).toMatchObject({ ok: false, error: { code: 'publication.notFound' } });
    expect(await ask(student, 'track.publish', { transportId: recv.data.transportId, source: 'camera', kind: 'video', rtpParameters })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    teacher.disconnect();
    await until('the track to go', () => unpublished.length > 0);
    await until('the interruption', () => lecture.view.state === 'interrupted');
  });

  it('someone removed is told, hung up on, and cannot come back', async () => {
    const userId = UserId.parse(newId('usr'));
    const [teacher, student] = [await join('owner'), await join('student', userId)];
    const closed = heard(student, 'room.closed');
    expect(await ask(teacher, 'participant.remove', { userId })).toMatchObject({ ok: true });
    await until('the hang-up', () => !student.connected);
    expect(closed).toMatchObject([{ reason: 'removed' }]);
    expect(await ask(connect(), 'room.join', { ticket: ticketFor('student', userId) })).toMatchObject({ ok: false, error: { code: 'participant.removed' } });
  });

  it('everyone hears the end', async () => {
    const student = await join('student');
    const [changed, closed] = [heard(student, 'lecture.changed'), heard(student, 'room.closed')];
    await registry.end(lecture.id, 'presenter');
    await until('the farewell', () => closed.length > 0);
    expect(changed).toMatchObject([{ state: 'ended', endReason: 'presenter' }]);
    expect(closed).toMatchObject([{ reason: 'lectureEnded' }]);
  });

  it('ids of another lecture are no good', async () => {
    const student = await join('student');
    const other = await startLecture();
    const owner = other.enter({ userId: UserId.parse(newId('usr')), displayName: 'other', kind: 'presenter', role: 'owner' });
    const message = await other.chat.post(owner, 'secret');
    const teacher = await join('owner');
    expect(await ask(teacher, 'chat.delete', { messageId: message.id })).toMatchObject({ ok: false, error: { code: 'message.notFound' } });
    expect(await ask(student, 'hand.lower', { participantId: owner.id })).toMatchObject({ ok: false, error: { code: 'participant.notFound' } });
    expect(other.chat.history).toHaveLength(1);
  });
});

describe('a socket that lies', () => {
  it('gets a coded error for unknown requests and wrong types, and changes nothing', async () => {
    const student = await join('student');
    const emit = (name: string, data: unknown) => askRaw(student, name, data);
    expect(await emit('room.explode', {})).toMatchObject({ ok: false, error: { code: 'route.unknown' } });
    expect(await emit('__proto__', {})).toMatchObject({ ok: false, error: { code: 'route.unknown' } });
    expect(await emit('chat.post', { text: 7 })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await emit('chat.post', { text: 'x'.repeat(2001) })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await emit('chat.post', null)).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(lecture.chat.history).toEqual([]);
  });

  it('is cut off when it sends a megabyte, and the others notice nothing', async () => {
    const [teacher, liar] = [await join('owner'), await join('student')];
    liar.emit('chat.post', { text: 'x'.repeat(1024 * 1024) }, () => undefined);
    await until('the cut', () => !liar.connected);
    expect(await ask(teacher, 'chat.post', { text: 'still here' })).toMatchObject({ ok: true });
  });

  it('is cut off after a row of nonsense without acks', async () => {
    const liar = await join('student');
    for (let index = 0; index < 30; index += 1) liar.emit('nonsense' as 'room.leave', {}, undefined as never);
    await until('the cut', () => !liar.connected);
  });

  it('crashes nothing with any JSON at all', async () => {
    const names = [...Object.keys(requests), 'toString', 'constructor', ''];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, data) => {
        const browser = connect();
        const answer = await askRaw(browser, name, data);
        expect(answer).toMatchObject({ ok: name === 'room.leave' && answer !== null && (answer as { ok: boolean }).ok });
        browser.disconnect();
      }),
      { numRuns: 60 },
    );
    expect(await ask(await join('student'), 'hand.raise', {})).toMatchObject({ ok: true });
  });
});
