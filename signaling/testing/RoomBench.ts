import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect } from 'vitest';
import { CourseId, LectureId, UserId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { LectureRegistry } from '#engine';
import type { LiveLecture } from '#engine';
import { createLogger, newId, openSqliteDatabase, systemClock, TokenSigner } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { FakeMediaPlane, silentLogger } from '#engine/testing';
import { signalingNamespace } from '../contract/index.ts';
import type { Ack, ClientToServer, PushData, PushName, RequestInput, RequestName, ServerToClient } from '../contract/index.ts';
import { createSignaling } from '../index.ts';
import type { SignalingServer } from '../index.ts';

export type Browser = Socket<ServerToClient, ClientToServer>;

/** A signaling server on a free loopback port with one live lecture, anew for each test, and browsers to talk to it. */
export class RoomBench {
  readonly courseId = CourseId.parse(newId('crs'));
  readonly tokens = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, systemClock);
  /** Who is what in the course now. */
  readonly roles = new Map<UserId, CourseRole>();
  readonly courseRoles = { roleOf: async (userId: UserId) => this.roles.get(userId) };
  readonly log: Record<string, unknown>[] = [];
  readonly browsers: Socket[] = [];
  readonly plane = new FakeMediaPlane();
  httpServer!: Server;
  registry!: LectureRegistry;
  signaling!: SignalingServer;
  lecture!: LiveLecture;
  #database!: Database;

  async open(): Promise<void> {
    this.#database = await openSqliteDatabase({ path: ':memory:' });
    this.registry = LectureRegistry.create({ database: this.#database, plane: this.plane, clock: systemClock, logger: silentLogger, graceMs: 300_000 });
    this.httpServer = createServer();
    await new Promise<void>((resolve) => this.httpServer.listen(0, '127.0.0.1', resolve));
    const logger = createLogger({ level: 'info', destination: { write: (line: string) => void this.log.push(JSON.parse(line) as Record<string, unknown>) } });
    const { httpServer, registry, courseRoles, tokens } = this;
    this.signaling = createSignaling({ httpServer, registry, courseRoles, tokens, clock: systemClock, logger, config: { LECTERN_MAX_CONNECTIONS: 100 } });
    this.lecture = await this.startLecture();
  }

  async close(): Promise<void> {
    for (const browser of this.browsers.splice(0)) browser.disconnect();
    await this.signaling.close();
    await this.registry.close();
    await this.#database.close();
    this.roles.clear();
    this.log.length = 0;
  }

  async startLecture(courseId = this.courseId): Promise<LiveLecture> {
    const row = await this.registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: UserId.parse(newId('usr')) });
    return this.registry.start(LectureId.parse(row._id));
  }

  /** Enrols them as that, and makes them a ticket. */
  ticketFor(role: CourseRole, userId = UserId.parse(newId('usr')), lectureId = this.lecture.id): string {
    this.roles.set(userId, role);
    return this.tokens.sign('join', { ticketId: newId('evt'), userId, lectureId, courseId: this.courseId, displayName: role, role }, 60);
  }

  connect(namespace = signalingNamespace): Browser {
    const { port } = this.httpServer.address() as AddressInfo;
    const browser: Browser = io(`http://127.0.0.1:${port}${namespace}`, { transports: ['websocket'], reconnection: false, forceNew: true });
    this.browsers.push(browser);
    return browser;
  }

  async join(role: CourseRole, userId?: UserId): Promise<Browser> {
    const browser = this.connect();
    const answer = await ask(browser, 'room.join', { ticket: this.ticketFor(role, userId), as: role === 'student' ? 'viewer' : 'presenter' });
    expect(answer).toMatchObject({ ok: true });
    return browser;
  }
}

export function useRoomBench(): RoomBench {
  const bench = new RoomBench();
  beforeEach(() => bench.open());
  afterEach(() => bench.close());
  return bench;
}

/** Sends anything at all, past the types. */
export function askRaw(browser: Browser, name: string, data: unknown): Promise<unknown> {
  const raw = browser.timeout(5000) as unknown as { emitWithAck(name: string, data: unknown): Promise<unknown> };
  return raw.emitWithAck(name, data);
}

export function ask<N extends RequestName>(browser: Browser, name: N, request: RequestInput<N>): Promise<Ack<N>> {
  return askRaw(browser, name, request) as Promise<Ack<N>>;
}

export function heard<N extends PushName>(browser: Browser, name: N): PushData<N>[] {
  const list: PushData<N>[] = [];
  browser.on(name, ((data: PushData<N>) => list.push(data)) as never);
  return list;
}
