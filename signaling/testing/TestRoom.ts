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
import type { EndedLogin, LiveLecture, OpenLogins } from '#engine';
import { createLogger, MemoryPresence, newId, openLimiting, TokenSigner } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { FakeMediaPlane, ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { signalingNamespace } from '../contract/index.ts';
import type { Ack, ClientToServer, PushData, PushName, RequestInput, RequestName, ServerToClient } from '../contract/index.ts';
import { createSignaling } from '../index.ts';
import type { SignalingServer } from '../index.ts';
import { closeDelayMs } from '../limits.ts';

/** Each person has one login, which is open until it is ended. */
class TestLogins implements OpenLogins {
  readonly #ended = new Set<string>();
  readonly #listeners = new Set<(ended: EndedLogin) => void>();
  readonly #missed = new Set<() => void>();

  of(userId: UserId): string {
    return `login of ${userId}`;
  }

  end(userId: UserId): void {
    this.#ended.add(this.of(userId));
    for (const listener of this.#listeners) listener({ userId, loginId: this.of(userId) });
  }

  /** In another process, while this one could not be reached. */
  endUnnoticed(userId: UserId): void {
    this.#ended.add(this.of(userId));
  }

  noticeMissed(): void {
    for (const listener of this.#missed) listener();
  }

  onMissed(listener: () => void): () => void {
    this.#missed.add(listener);
    return () => this.#missed.delete(listener);
  }

  async isOpen({ loginId }: EndedLogin): Promise<boolean> {
    return !this.#ended.has(loginId);
  }

  onEnded(listener: (ended: EndedLogin) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export type Client = Socket<ServerToClient, ClientToServer>;

/** A signaling server on a free loopback port, with one live lecture and the clients that connect to it. */
export class TestRoom {
  readonly maxConnections = 100;
  readonly clock = new ManualClock();
  readonly courseId = CourseId.parse(newId('crs'));
  readonly tokens = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, this.clock);
  /** The current enrolments in the course. */
  readonly roles = new Map<UserId, CourseRole>();
  readonly courseRoles = { roleOf: async (userId: UserId) => this.roles.get(userId), placeOf: async (userId: UserId) => ({ role: this.roles.get(userId), condition: 'published' as const }), isRemovedFromCourse: async () => false, isAdmin: async () => false };
  readonly logins = new TestLogins();
  readonly presence = new MemoryPresence();
  readonly log: Record<string, unknown>[] = [];
  readonly clients: Socket[] = [];
  readonly plane = new FakeMediaPlane();
  httpServer!: Server;
  registry!: LectureRegistry;
  signaling!: SignalingServer;
  lecture!: LiveLecture;
  #database!: Database;

  get port(): number {
    return (this.httpServer.address() as AddressInfo).port;
  }

  async open(): Promise<void> {
    const { clock, courseRoles, tokens } = this;
    this.#database = await openTestDatabase();
    this.registry = LectureRegistry.create({ database: this.#database, plane: this.plane, clock, logger: silentLogger, graceMs: 300_000 });
    this.httpServer = createServer();
    await new Promise<void>((resolve) => this.httpServer.listen(0, '127.0.0.1', resolve));
    const logger = createLogger({ level: 'info', destination: { write: (line: string) => void this.log.push(JSON.parse(line) as Record<string, unknown>) } });
    const { httpServer, registry, logins } = this;
    const limiting = openLimiting({ redis: undefined, sharedDatabase: undefined, clock, logger: silentLogger });
    this.signaling = createSignaling({ httpServer, registry, courseRoles, logins, tokens, limiting, presence: this.presence, clock, logger, config: { LECTERN_SIGNALING_PATH: '/socket.io', LECTERN_MAX_CONNECTIONS: this.maxConnections } });
    this.lecture = await this.startLecture();
  }

  async close(): Promise<void> {
    for (const client of this.clients.splice(0)) client.disconnect();
    await this.stop();
    this.httpServer.close();
    await this.registry.close();
    await this.#database.close();
    this.roles.clear();
    this.log.length = 0;
  }

  /** Stops signaling, as the server does before it ends. */
  async stop(): Promise<void> {
    const closing = this.signaling.close();
    this.clock.advance(closeDelayMs);
    await closing;
  }

  async startLecture(courseId = this.courseId): Promise<LiveLecture> {
    const row = await this.registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: UserId.parse(newId('usr')) });
    return this.registry.start(LectureId.parse(row._id));
  }

  /** Enrols the user with this role and issues a join ticket. */
  ticketFor(role: CourseRole, userId = UserId.parse(newId('usr')), lectureId = this.lecture.id): string {
    this.roles.set(userId, role);
    return this.tokens.sign('join', { ticketId: newId('evt'), userId, loginId: this.logins.of(userId), lectureId, courseId: this.courseId, displayName: role, role }, 60);
  }

  connect(namespace = signalingNamespace): Client {
    const client: Client = io(`http://127.0.0.1:${this.port}${namespace}`, { transports: ['websocket'], reconnection: false, forceNew: true });
    this.clients.push(client);
    return client;
  }

  async join(role: CourseRole, userId?: UserId): Promise<Client> {
    const client = this.connect();
    const ack = await request(client, 'room.join', { ticket: this.ticketFor(role, userId), as: role === 'student' ? 'viewer' : 'presenter' });
    expect(ack).toMatchObject({ ok: true });
    return client;
  }
}

/** A new room for each test of the file. */
export function useTestRoom(): TestRoom {
  const room = new TestRoom();
  beforeEach(() => room.open());
  afterEach(() => room.close());
  return room;
}

/** Sends any data, whatever the contract says. */
export function requestRaw(client: Client, name: string, data: unknown): Promise<unknown> {
  const raw = client.timeout(5000) as unknown as { emitWithAck(name: string, data: unknown): Promise<unknown> };
  return raw.emitWithAck(name, data);
}

export function request<N extends RequestName>(client: Client, name: N, data: RequestInput<N>): Promise<Ack<N>> {
  return requestRaw(client, name, data) as Promise<Ack<N>>;
}

/** The data of a request that has to succeed. */
export async function accepted<N extends RequestName>(client: Client, name: N, data: RequestInput<N>) {
  const ack = await request(client, name, data);
  if (!ack.ok) throw new Error(`${name}: ${ack.error.code} ${ack.error.message}`);
  return ack.data;
}

/** Collects the pushes of one name from now on. */
export function received<N extends PushName>(client: Client, name: N): PushData<N>[] {
  const list: PushData<N>[] = [];
  client.on(name, ((data: PushData<N>) => list.push(data)) as never);
  return list;
}
