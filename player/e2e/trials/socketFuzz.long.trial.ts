import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { requests } from '#signaling/contract';
import type { RequestName } from '#signaling/contract';
import type { Person } from '../../demo/Person.ts';
import { it } from '../classroomTest.ts';
import { forEachAttackerLecture, openAttackerLectures } from './fuzz/AttackerLecture.ts';
import type { AttackerLecture } from './fuzz/AttackerLecture.ts';
import { FuzzTarget } from './fuzz/FuzzTarget.ts';
import type { Tally } from './fuzz/Tally.ts';
import { exchange } from './fuzz/httpExchange.ts';
import { runConcurrently } from './fuzz/runConcurrently.ts';
import { withTimeout } from './fuzz/withTimeout.ts';
import { Attacker } from './fuzz/Attacker.ts';
import { binaryJunk, inputsOf, junk, mutated } from './fuzz/mutations.ts';
import { chunks, times } from './fuzz/chunks.ts';
import { pollingRequests, rawFrames } from './fuzz/rawPackets.ts';
import type { RawRequest } from './fuzz/rawPackets.ts';
import { RawSocket } from './fuzz/RawSocket.ts';
import { valuesOf } from './fuzz/schemaValues.ts';
import { ticketFor } from './fuzz/ticketFor.ts';
import { trialSeed } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

/** Inputs of the smallest family and round; in the long run all rounds of all families are 10^5. */
const share = trialSize({ short: 20, long: 2500 });
const idle = trialSize({ short: 20, long: 1500 });
/** An account gets 60 tickets a minute. */
const accounts = trialSize({ short: 8, long: 60 });
const attackerLectureCount = trialSize({ short: 2, long: 20 });
const concurrency = 4;
/** The server allows a thousand more connections that are in no room. */
const maxConnections = trialSize({ short: 100, long: 2000 });
const handshakes = trialSize({ short: 1300, long: 12_000 });
/** Each handshake has a connection of its own, which is closed with the response. */
const floodConcurrency = 20;
/** Students join one after the other during the flood. */
const joinEveryMs = 250;
/** After twenty invalid requests the server disconnects. */
const inputsEach = 16;
/** The limits of the server are 10 s without a namespace, and 15 s with one. */
const longestStayMs = trialSize({ short: 60_000, long: 20_000 });
/** What the lecture itself may open meanwhile. */
const spareHandles = 10;

const names = Object.keys(requests) as RequestName[];
/** Placeholders for the ids of the connection and of others, which exist only once it has joined. */
const known = { trn: ['@transport'], sub: ['@subscription'], pub: ['@publication', '@other'], prt: ['@self', '@presenter'], usr: ['@self.user', '@presenter.user'], ticket: ['@ticket', '@spent'] };

const pollingPath = '/socket.io/?EIO=4&transport=polling';

type Input = readonly [name: string, data: unknown];
type Names = Readonly<Record<string, string>>;

const good: fc.Arbitrary<Input> = fc.oneof(...names.map((name) => valuesOf(requests[name].request, known).map((data): Input => [name, data])));
const bad: fc.Arbitrary<Input> = fc.oneof(
  { arbitrary: fc.oneof(...names.map((name) => mutated(valuesOf(requests[name].request, known), { junk: fc.oneof({ arbitrary: junk, weight: 4 }, { arbitrary: binaryJunk, weight: 1 }) }).map((data): Input => [name, data]))), weight: 9 },
  { arbitrary: fc.tuple(fc.constantFrom('toString', '__proto__', 'room.explode', 'x'.repeat(5000), ' ', 'message'), junk), weight: 1 },
);

describe('fuzzed Socket.IO connections', () => {
  const seed = trialSeed('socketFuzz');
  const report = new TrialReport('socketFuzz');
  let lecture: FuzzTarget;
  let url: string;
  let students: Person[];
  /** Of attackers who are presenters. */
  let attackerLectures: AttackerLecture[];
  let turn = 0;

  it.beforeAll(async ({ browser }) => {
    lecture = await FuzzTarget.open({ browser, settings: { LECTERN_GRACE_SECONDS: '3600', LECTERN_MAX_CONNECTIONS: String(maxConnections) } });
    const { classroom } = lecture;
    url = classroom.server.url;
    attackerLectures = await openAttackerLectures(classroom, { count: attackerLectureCount, isRecorded: false });
    students = [];
    for (let index = 0; index < accounts; index += 1) students.push(await classroom.student(`Eve${index}`));
  });

  it.afterAll(() => lecture?.close());

  const ticketOfNext = () => ticketFor(students[(turn += 1) % students.length] ?? lecture.mallory, lecture.lectureId);

  /** Joins the room and subscribes to a track; returns the ids for the placeholders. */
  async function enter(attacker: Attacker, ticket: string): Promise<Names> {
    const room = await attacker.ask('room.join', { ticket });
    const { transportId } = await attacker.ask('transport.open', { direction: 'recv', rtpCapabilities: room.rtpCapabilities });
    const [publication] = room.publications;
    if (!publication) throw new Error('the lecture has no track');
    const { subscriptionId } = await attacker.ask('track.subscribe', { transportId, publicationId: publication.id });
    const presenter = room.participants.find(({ id }) => id !== room.self.id) ?? room.self;
    return { '@transport': transportId, '@subscription': subscriptionId, '@publication': publication.id, '@other': publication.id, '@self': room.self.id, '@self.user': room.self.userId, '@presenter': presenter.id, '@presenter.user': presenter.userId, '@spent': ticket };
  }

  async function present(attacker: Attacker, ticket: string): Promise<Names> {
    const room = await attacker.ask('room.join', { ticket, as: 'presenter' });
    const { transportId } = await attacker.ask('transport.open', { direction: 'send' });
    return { '@transport': transportId, '@self': room.self.id, '@self.user': room.self.userId, '@presenter': room.self.id, '@presenter.user': room.self.userId, '@spent': ticket };
  }

  /** Sends these inputs on one connection. */
  async function visit(inputs: readonly Input[], tally: Tally, prepare: (attacker: Attacker) => Promise<Names>): Promise<void> {
    using attacker = await Attacker.connect(url);
    const has: Names = { '@ticket': 'none', ...(await prepare(attacker)) };
    const reactions = await Promise.all(inputs.map(([name, data]) => attacker.provoke(name, withNames(data, has))));
    reactions.forEach((reaction, index) => {
      tally.inputs += 1;
      if (reaction.kind === 'answered') tally.answered += 1;
      else if (reaction.kind === 'defect') tally.defect(reaction.what, inputs[index]);
      else tally.refused += 1;
    });
  }

  async function attack(tally: Tally, inputs: Iterable<Input>, prepare: (attacker: Attacker, ticket: string) => Promise<Names>): Promise<void> {
    await runConcurrently(concurrency, chunks(inputs, inputsEach), async (some) => {
      const ticket = await ticketOfNext();
      await visit(some, tally, (attacker) => prepare(attacker, ticket));
    });
  }

  const inputs = (arbitrary: fc.Arbitrary<Input>, shares: number) => inputsOf(arbitrary, { seed, count: share * shares });

  it('are closed when they never join', async () => {
    const before = await lecture.inspector.use();
    const stays: Promise<number>[] = [];
    for (let index = 0; index < idle; index += 1) {
      const fromMs = performance.now();
      const raw = await RawSocket.open(url);
      if (index % 2 === 0) await raw.connectNamespace();
      stays.push(raw.closed.then(() => performance.now() - fromMs));
    }
    const stayedMs = await withTimeout('close of every connection', longestStayMs, Promise.all(stays));
    if (!isLongRun) return;
    const { use: { handles, heapMb }, isCalm } = await lecture.inspector.settled({ handles: before.handles + spareHandles, children: before.children }, 15_000);
    expect(isCalm, 'handles and children are released').toBe(true);
    report.add({ family: 'connections that never join', inputs: idle, refused: idle, answered: 0, 'longest stay s': Math.round(Math.max(...stayedMs) / 100) / 10, 'handles before': before.handles, 'handles after': handles, 'heap after MB': Math.round(heapMb) });
  });

  it('keep no student out when they take every connection', () =>
    lecture.attack(report, 'flood of handshakes', async (tally) => {
      let isOver = false;
      const sessions: string[] = [];
      const headers = { host: 'lectern' };
      const flood = runConcurrently(floodConcurrency, times(handshakes), async () => {
        tally.inputs += 1;
        const { text: handshake } = await exchange(url, { method: 'GET', path: pollingPath, headers });
        const [, session] = /^0{"sid":"([^"]+)"/.exec(handshake) ?? [];
        if (session === undefined) return tally.defect('no handshake', handshake);
        sessions.push(session);
        tally.answered += 1;
      }).finally(() => {
        isOver = true;
      });
      let slowestJoinMs = 0;
      for (let joined = 0; !isOver || joined === 0; joined += 1) {
        const fromMs = performance.now();
        using student = await Attacker.connect(url);
        await enter(student, await ticketOfNext());
        slowestJoinMs = Math.max(slowestJoinMs, performance.now() - fromMs);
        await sleep(joinEveryMs);
        expect(student.isConnected).toBe(true);
      }
      await flood;
      // The oldest sessions were evicted. The others would be kept for some seconds more.
      const closeSession = (session: string | undefined) => exchange(url, { method: 'POST', path: `${pollingPath}&sid=${session ?? ''}`, headers: { ...headers, 'content-length': '1' }, body: '1' });
      expect(await closeSession(sessions[0])).toMatchObject({ status: 400 });
      await runConcurrently(floodConcurrency, sessions.slice(1), async (session) => void (await closeSession(session)));
      report.add({ family: 'joins during a flood of handshakes', 'slowest join ms': Math.round(slowestJoinMs) });
    }));

  it('get coded errors for requests before they join', () =>
    lecture.attack(report, 'requests before joining', (tally) =>
      runConcurrently(concurrency, chunks(inputs(fc.oneof(bad, good), 2), inputsEach), (some) => visit(some, tally, async () => ({})))));

  it('get coded errors for mutated requests in the room', () =>
    lecture.attack(report, 'mutated requests of a viewer', (tally) => attack(tally, inputs(bad, 6), enter)));

  it('are held to their permissions in valid requests, with their own ids and those of others', () =>
    lecture.attack(report, 'valid requests of a viewer, with ids of others', (tally) => attack(tally, inputs(good, 3), enter)));

  it('of presenters may change what is theirs', () =>
    lecture.attack(report, 'requests of a presenter', (tally) =>
      forEachAttackerLecture(attackerLectures, { concurrency, items: chunks(inputs(fc.oneof(bad, good), 3), inputsEach) }, async ({ person, lectureId }, some) => {
        const ticket = await ticketFor(person, lectureId);
        await visit(some, tally, (attacker) => present(attacker, ticket));
      })));

  it('are refused after they have left', () =>
    lecture.attack(report, 'requests after leaving', (tally) => attack(tally, inputs(good, 2), async (attacker, ticket) => {
      const has = await enter(attacker, ticket);
      await attacker.ask('room.leave', {});
      return has;
    })));

  it('are served or closed after malformed frames of engine.io and Socket.IO', () =>
    lecture.attack(report, 'raw packets', async (tally) => {
      await runConcurrently(concurrency, chunks(inputsOf(rawFrames, { seed, count: share * 2 }), 2), async (frames) => {
        const raw = await RawSocket.open(url);
        await raw.connectNamespace();
        for (const frame of frames) raw.send(frame);
        tally.inputs += frames.length;
        const isServed = await raw.isServed().catch((error: unknown) => tally.defect(String(error), frames));
        if (isServed === true) tally.answered += frames.length;
        else tally.refused += frames.length;
        raw.close();
      });
    }));

  it('are refused when they abuse the polling transport', () =>
    lecture.attack(report, 'polling requests', async (tally) => {
      await runConcurrently(concurrency, inputsOf(pollingRequests, { seed, count: share }), async (request) => {
        tally.inputs += 1;
        const status = await poll(url, request);
        if (status >= 500) tally.defect(`status ${status}`, request);
        else if (status >= 400 || status === 0) tally.refused += 1;
        else tally.answered += 1;
      });
    }));

  it('are rate-limited when they flood the room with valid requests', () =>
    lecture.attack(report, 'floods', async (tally) => {
      const floods: Input[] = [['chat.post', { text: 'flood' }], ['hand.raise', {}], ['transport.open', { direction: 'recv' }], ['roster.list', {}]];
      await runConcurrently(concurrency, floods, async ([name, data]) => {
        const ticket = await ticketOfNext();
        using attacker = await Attacker.connect(url);
        await enter(attacker, ticket);
        const answers: Promise<unknown>[] = [];
        for (let index = 0; index < share; index += 1) answers.push(attacker.provoke(name, data));
        for (const reaction of await Promise.all(answers)) {
          tally.inputs += 1;
          if ((reaction as { kind: string }).kind === 'answered') tally.answered += 1;
          else if ((reaction as { kind: string }).kind === 'defect') tally.defect(JSON.stringify(reaction), name);
          else tally.refused += 1;
        }
      });
    }));
});

/** Replaces placeholders by the ids of the connection. */
function withNames(value: unknown, has: Names, depth = 0): unknown {
  if (typeof value === 'string') return value.startsWith('@') ? (has[value] ?? value) : value;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > 4) return value;
  for (const [key, each] of Object.entries(value)) {
    const named = withNames(each, has, depth + 1);
    if (named !== each) (value as Record<string, unknown>)[key] = named;
  }
  return value;
}

/** The status of the response; 0 when the connection was closed instead. */
async function poll(url: string, { method, path, body }: RawRequest): Promise<number> {
  try {
    const response = await fetch(`${url}${path}`, { method, ...(method === 'GET' || method === 'DELETE' ? {} : { body }), signal: AbortSignal.timeout(60_000) });
    await response.text();
    return response.status;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return 599;
    return 0;
  }
}
