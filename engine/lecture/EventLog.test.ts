import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LectureId, MessageId, ParticipantId, UserId } from '../contract/index.ts';
import type { LectureEventBody } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { ManualClock, openTestDatabase, refusingDatabase, silentLogger, until } from '../testing/index.ts';
import type { AskedWrite } from '../testing/index.ts';
import { EventLog, EventLogs } from './EventLog.ts';

const userId = UserId.parse(newId('usr'));
const hand: LectureEventBody = { type: 'hand.raised', data: { participantId: ParticipantId.parse(newId('prt')), userId } };
const started: LectureEventBody = { type: 'lecture.started', data: {} };
const deleted: LectureEventBody = { type: 'chat.deleted', data: { messageId: MessageId.parse(newId('msg')), byUserId: userId } };
const acceptAll = () => false;
const refuseAll = () => true;

describe('The event log while the database refuses to write', () => {
  const lectureId = LectureId.parse(newId('lec'));
  let database: Database;
  let clock: ManualClock;
  let isRefused: (write: AskedWrite) => boolean;
  let logs: EventLogs;
  let log: EventLog;
  const logOf = (id: LectureId) => new EventLog({ logs, lectureId: id, past: [], lectureClockMs: () => 0 });

  beforeEach(async () => {
    database = await openTestDatabase();
    clock = new ManualClock();
    isRefused = acceptAll;
    logs = new EventLogs({ database: refusingDatabase(database, (write) => isRefused(write)), clock, logger: silentLogger });
    log = logOf(lectureId);
    await log.append(started).written;
    isRefused = refuseAll;
  });
  afterEach(() => database.close());

  const types = async () => (await logs.read(lectureId)).map(({ type }) => type);
  const storedTypes = async () => (await new EventLogs({ database, clock, logger: silentLogger }).read(lectureId)).map(({ type }) => type);

  it('keeps batched events, returns them to readers, and stores them later', async () => {
    await log.append(hand).written;
    await expect(logs.flush()).rejects.toMatchObject({ code: 'disk.full' });
    expect(await types()).toEqual(['lecture.started', 'hand.raised']);
    expect(await storedTypes()).toEqual(['lecture.started']);
    isRefused = acceptAll;
    clock.advance(10_000);
    await until('the hand to be stored', async () => (await storedTypes()).length === 2);
    expect(await types()).toEqual(['lecture.started', 'hand.raised']);
  });

  it('rejects a chat event, and keeps batched events', async () => {
    await log.append(hand).written;
    await expect(log.append(deleted).written).rejects.toMatchObject({ code: 'disk.full' });
    isRefused = acceptAll;
    await logs.flush();
    expect(await storedTypes()).toEqual(['lecture.started', 'hand.raised']);
  });

  it('stores the events of other lectures', async () => {
    const other = logOf(LectureId.parse(newId('lec')));
    isRefused = ({ subject }) => JSON.stringify(subject).includes(lectureId);
    await expect(log.append(started).written).rejects.toMatchObject({ code: 'disk.full' });
    await log.append(hand).written;
    await other.append(hand).written;
    await other.append(deleted).written;
    await expect(logs.flush()).rejects.toMatchObject({ code: 'disk.full' });
    isRefused = acceptAll;
    await logs.flush();
    expect(await storedTypes()).toEqual(['lecture.started', 'lecture.started', 'hand.raised']);
  });

  it('retries by its timer and not with each read', async () => {
    let attempts = 0;
    isRefused = () => (attempts += 1) > 0;
    await expect(log.append(started).written).rejects.toMatchObject({ code: 'disk.full' });
    await log.append(hand).written;
    for (let round = 0; round < 3; round += 1) expect(await types()).toEqual(['lecture.started', 'lecture.started', 'hand.raised']);
    expect(attempts).toBe(1);
    clock.advance(5000);
    expect(attempts).toBe(3);
  });

  it('retries until the event is stored', async () => {
    await expect(log.append(started).written).rejects.toMatchObject({ code: 'disk.full' });
    for (let round = 0; round < 3; round += 1) {
      clock.advance(5000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await storedTypes()).toHaveLength(1);
    isRefused = acceptAll;
    clock.advance(5000);
    await until('the event to be stored', async () => (await storedTypes()).length === 2);
  });
});

describe('An event whose row exists already', () => {
  const lectureId = LectureId.parse(newId('lec'));
  let database: Database;
  let logs: EventLogs;

  beforeEach(async () => {
    database = await openTestDatabase();
    logs = new EventLogs({ database, clock: new ManualClock(), logger: silentLogger });
  });
  afterEach(() => database.close());

  it('counts as stored if the row is the same', async () => {
    const event = { ...deleted, seq: 1, atMs: 0 };
    await logs.write(lectureId, event);
    await logs.write(lectureId, event);
    expect(await logs.read(lectureId)).toEqual([event]);
  });

  it('is dropped if the row is another one, and does not delay later events', async () => {
    await logs.write(lectureId, { ...started, seq: 1, atMs: 0 });
    await logs.write(lectureId, { ...hand, seq: 1, atMs: 0 });
    await expect(logs.write(lectureId, { ...deleted, seq: 2, atMs: 7 })).resolves.toBeUndefined();
    await expect(logs.write(lectureId, { ...hand, type: 'hand.lowered', seq: 2, atMs: 8 })).resolves.toBeUndefined();
    await expect(logs.flush()).rejects.toThrow('same key');
    await logs.flush();
    await logs.write(LectureId.parse(newId('lec')), { ...deleted, seq: 1, atMs: 9 });
    expect((await logs.read(lectureId)).map(({ type }) => type)).toEqual(['lecture.started', 'chat.deleted']);
  });
});
