import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requests } from '#signaling/contract';
import type { RequestName } from '#signaling/contract';
import type { Person } from '../../demo/Person.ts';
import { forEachAttackerLecture, openAttackerLectures } from './fuzz/AttackerLecture.ts';
import type { AttackerLecture } from './fuzz/AttackerLecture.ts';
import { FuzzTarget } from './fuzz/FuzzTarget.ts';
import type { Tally } from './fuzz/FuzzTarget.ts';
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
import { trialSeed } from './fuzz/seed.ts';
import { ticketFor } from './fuzz/ticketFor.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

/** Inputs of the smallest family and round; all rounds of all families are 10^3 and 10^5. */
const share = trialSize({ short: 25, long: 2500 });
const idle = trialSize({ short: 100, long: 1500 });
/** Of each account 60 tickets a minute are given out. */
const accounts = trialSize({ short: 8, long: 60 });
const attackerLectureCount = trialSize({ short: 2, long: 20 });
const lanes = 4;
/** The server lets a thousand more stand in no room. */
const seats = trialSize({ short: 100, long: 2000 });
const handshakes = trialSize({ short: 1300, long: 12_000 });
/** Each with a connection of its own for each handshake, which is closed with the answer. */
const floodLanes = 20;
/** Students come one after the other while places are taken. */
const everyMs = 250;
/** Twenty that make no sense, and the server hangs up. */
const inputsEach = 16;
/** The server's own limits are 10 s without a greeting, and 15 s with one. */
const longestStayMs = 20_000;
/** What the running lecture itself may have opened meanwhile. */
const spareHandles = 10;

const names = Object.keys(requests) as RequestName[];
/** Stand for what the connection has by then, its own and others'. */
const known = { trn: ['@transport'], sub: ['@subscription'], pub: ['@publication', '@other'], prt: ['@self', '@presenter'], usr: ['@self.user', '@presenter.user'], ticket: ['@ticket', '@spent'] };

const pollingPath = '/socket.io/?EIO=4&transport=polling';

type Input = readonly [name: string, data: unknown];
type Names = Readonly<Record<string, string>>;

const good: fc.Arbitrary<Input> = fc.oneof(...names.map((name) => valuesOf(requests[name].request, known).map((data): Input => [name, data])));
const bad: fc.Arbitrary<Input> = fc.oneof(
  { arbitrary: fc.oneof(...names.map((name) => mutated(valuesOf(requests[name].request, known), { junk: fc.oneof({ arbitrary: junk, weight: 4 }, { arbitrary: binaryJunk, weight: 1 }) }).map((data): Input => [name, data]))), weight: 9 },
  { arbitrary: fc.tuple(fc.constantFrom('toString', '__proto__', 'room.explode', 'x'.repeat(5000), ' ', 'message'), junk), weight: 1 },
);

describe('enemies on the socket of a server with a running lecture', () => {
  const seed = trialSeed();
  const report = new TrialReport('socketFuzz');
  let lecture: FuzzTarget;
  let url: string;
  let crowd: Person[];
  /** Of those who attack as presenters. */
  let attackerLectures: AttackerLecture[];
  let turn = 0;

  beforeAll(async () => {
    lecture = await FuzzTarget.open({ LECTERN_GRACE_SECONDS: '3600', LECTERN_MAX_CONNECTIONS: String(seats) });
    const { classroom } = lecture;
    url = classroom.server.url;
    attackerLectures = await openAttackerLectures(classroom, { count: attackerLectureCount, isRecorded: false });
    crowd = [];
    for (let index = 0; index < accounts; index += 1) crowd.push(await classroom.student(`Eve${index}`));
  });

  afterAll(() => lecture.close());

  const ticketOfNext = () => ticketFor(crowd[(turn += 1) % crowd.length] ?? lecture.mallory, lecture.lectureId);

  /** Enters the room, takes a track, and names what it then has. */
  async function enter(attacker: Attacker, ticket: string): Promise<Names> {
    const room = await attacker.ask('room.join', { ticket });
    const { transportId } = await attacker.ask('transport.open', { direction: 'recv' });
    const [publication] = room.publications;
    if (!publication) throw new Error('the lecture has no track');
    const { subscriptionId } = await attacker.ask('track.subscribe', { transportId, publicationId: publication.id, rtpCapabilities: room.rtpCapabilities });
    const presenter = room.participants.find(({ id }) => id !== room.self.id) ?? room.self;
    return { '@transport': transportId, '@subscription': subscriptionId, '@publication': publication.id, '@other': publication.id, '@self': room.self.id, '@self.user': room.self.userId, '@presenter': presenter.id, '@presenter.user': presenter.userId, '@spent': ticket };
  }

  async function present(attacker: Attacker, ticket: string): Promise<Names> {
    const room = await attacker.ask('room.join', { ticket, as: 'presenter' });
    const { transportId } = await attacker.ask('transport.open', { direction: 'send' });
    return { '@transport': transportId, '@self': room.self.id, '@self.user': room.self.userId, '@presenter': room.self.id, '@presenter.user': room.self.userId, '@spent': ticket };
  }

  /** One connection and its share of the inputs. */
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
    await runConcurrently(lanes, chunks(inputs, inputsEach), async (some) => {
      const ticket = await ticketOfNext();
      await visit(some, tally, (attacker) => prepare(attacker, ticket));
    });
  }

  const inputs = (arbitrary: fc.Arbitrary<Input>, shares: number) => inputsOf(arbitrary, { seed, count: share * shares });

  it('that sit down and never join are shown out', async () => {
    const before = await lecture.inside.use();
    const stays: Promise<number>[] = [];
    for (let index = 0; index < idle; index += 1) {
      const fromMs = performance.now();
      const raw = await RawSocket.open(url);
      if (index % 2 === 0) await raw.connectNamespace();
      stays.push(raw.closed.then(() => performance.now() - fromMs));
    }
    const stayedMs = await withTimeout('end of every stay', longestStayMs, Promise.all(stays));
    const { use: { handles, heapMb }, isCalm } = await lecture.inside.settled({ handles: before.handles + spareHandles, children: before.children }, 15_000);
    expect(isCalm, 'handles and children are given back').toBe(true);
    report.add({ family: 'sockets that never join', inputs: idle, refused: idle, answered: 0, 'longest stay (s)': Math.round(Math.max(...stayedMs) / 100) / 10, 'handles before': before.handles, 'handles after': handles, 'heap after (MB)': Math.round(heapMb) });
    expect(Math.max(...stayedMs)).toBeLessThan(longestStayMs);
  });

  it('that take every place there is keep nobody out', () =>
    lecture.attack(report, 'handshakes without end', async (tally) => {
      let isOver = false;
      const sessions: string[] = [];
      const headers = { host: 'lectern' };
      const flood = runConcurrently(floodLanes, times(handshakes), async () => {
        tally.inputs += 1;
        const { text: greeting } = await exchange(url, { method: 'GET', path: pollingPath, headers });
        const [, session] = /^0{"sid":"([^"]+)"/.exec(greeting) ?? [];
        if (session === undefined) return tally.defect('no greeting', greeting);
        sessions.push(session);
        tally.answered += 1;
      }).finally(() => {
        isOver = true;
      });
      let slowestJoinMs = 0;
      for (let students = 0; !isOver || students === 0; students += 1) {
        const fromMs = performance.now();
        using student = await Attacker.connect(url);
        await enter(student, await ticketOfNext());
        slowestJoinMs = Math.max(slowestJoinMs, performance.now() - fromMs);
        await sleep(everyMs);
        expect(student.isConnected).toBe(true);
      }
      await flood;
      // What is left of them would be kept for some seconds more. The first ones had to give way.
      const farewell = (session: string | undefined) => exchange(url, { method: 'POST', path: `${pollingPath}&sid=${session ?? ''}`, headers: { ...headers, 'content-length': '1' }, body: '1' });
      expect(await farewell(sessions[0])).toMatchObject({ status: 400 });
      await runConcurrently(floodLanes, sessions.slice(1), async (session) => void (await farewell(session)));
      report.add({ family: 'joins among handshakes without end', 'slowest join (ms)': Math.round(slowestJoinMs) });
    }));

  it('that ask before they have joined get coded errors', () =>
    lecture.attack(report, 'requests before joining', (tally) =>
      runConcurrently(lanes, chunks(inputs(fc.oneof(bad, good), 2), inputsEach), (some) => visit(some, tally, async () => ({})))));

  it('that send mutated requests from inside the room get coded errors', () =>
    lecture.attack(report, 'mutated requests of a viewer', (tally) => attack(tally, inputs(bad, 6), enter)));

  it('that send valid requests with their own and other people’s ids do what they may, and no more', () =>
    lecture.attack(report, 'valid requests of a viewer, with others’ ids', (tally) => attack(tally, inputs(good, 3), enter)));

  it('that present may do as they like with what is theirs', () =>
    lecture.attack(report, 'requests of a presenter', (tally) =>
      forEachAttackerLecture(attackerLectures, { lanes, items: chunks(inputs(fc.oneof(bad, good), 3), inputsEach) }, async ({ person, lectureId }, some) => {
        const ticket = await ticketFor(person, lectureId);
        await visit(some, tally, (attacker) => present(attacker, ticket));
      })));

  it('that have left are out', () =>
    lecture.attack(report, 'requests after leaving', (tally) => attack(tally, inputs(good, 2), async (attacker, ticket) => {
      const has = await enter(attacker, ticket);
      await attacker.ask('room.leave', {});
      return has;
    })));

  it('that speak engine.io and Socket.IO badly are cut off or served', () =>
    lecture.attack(report, 'raw packets', async (tally) => {
      await runConcurrently(lanes, chunks(inputsOf(rawFrames, { seed, count: share * 2 }), 2), async (frames) => {
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

  it('that abuse the polling transport are refused', () =>
    lecture.attack(report, 'polling requests', async (tally) => {
      await runConcurrently(lanes, inputsOf(pollingRequests, { seed, count: share }), async (request) => {
        tally.inputs += 1;
        const status = await poll(url, request);
        if (status >= 500) tally.defect(`status ${status}`, request);
        else if (status >= 400 || status === 0) tally.refused += 1;
        else tally.answered += 1;
      });
    }));

  it('that flood with valid requests are slowed down and shown out', () =>
    lecture.attack(report, 'floods', async (tally) => {
      const floods: Input[] = [['chat.post', { text: 'flood' }], ['hand.raise', {}], ['transport.open', { direction: 'recv' }], ['roster.list', {}]];
      await runConcurrently(lanes, floods, async ([name, data]) => {
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

/** Puts what the connection has in the place of its names. */
function withNames(value: unknown, has: Names, depth = 0): unknown {
  if (typeof value === 'string') return value.startsWith('@') ? (has[value] ?? value) : value;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > 4) return value;
  for (const [key, each] of Object.entries(value)) {
    const named = withNames(each, has, depth + 1);
    if (named !== each) (value as Record<string, unknown>)[key] = named;
  }
  return value;
}

/** The status of the answer; 0 when the connection was cut instead. */
async function poll(url: string, { method, path, body }: RawRequest): Promise<number> {
  try {
    const response = await fetch(`${url}${path}`, { method, ...(method === 'GET' || method === 'DELETE' ? {} : { body }), signal: AbortSignal.timeout(20_000) });
    await response.text();
    return response.status;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return 599;
    return 0;
  }
}
