import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LectureId, MessageId, ParticipantId, UserId } from '../contract/index.ts';
import type { LectureEventBody } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { ManualClock, openTestDatabase, refusingDatabase, silentLogger, until } from '../testing/index.ts';
import type { AskedWrite } from '../testing/index.ts';
import { personalEvents } from './eventIndexes.ts';
import type { PersonalEventRow } from './eventIndexes.ts';
import { EventLogs } from './EventLog.ts';
import type { LectureLog } from './LectureLog.ts';

const userId = UserId.parse(newId('usr'));
const hand: LectureEventBody & { atMs: number } = { atMs: 0, type: 'hand.raised', data: { participantId: ParticipantId.parse(newId('prt')), userId } };
const started: LectureEventBody & { atMs: number } = { atMs: 0, type: 'lecture.started', data: {} };
const deleted: LectureEventBody & { atMs: number } = { atMs: 0, type: 'chat.deleted', data: { messageId: MessageId.parse(newId('msg')), byUserId: userId } };
const acceptAll = () => false;
const refuseAll = () => true;

const lectureId = LectureId.parse(newId('lec'));
let database: Database;
let clock: ManualClock;
let isRefused: (write: AskedWrite) => boolean;
let logs: EventLogs;
let fenced: string[];

beforeEach(async () => {
  database = await openTestDatabase();
  clock = new ManualClock();
  isRefused = acceptAll;
  logs = openLogs();
  fenced = [];
});
afterEach(() => database.close());

function openLogs(): EventLogs {
  return new EventLogs({ database: refusingDatabase(database, (write) => isRefused(write)), clock, logger: silentLogger });
}

const open = (of: EventLogs, fence: number, id = lectureId) => of.open({ lectureId: id, fence, onFenced: () => fenced.push(`owner ${fence}`) });
const types = async () => (await logs.read(lectureId)).map(({ type }) => type);
const storedTypes = async (id = lectureId) => (await openLogs().read(id)).map(({ type }) => type);
const storedRows = () => database.collection<PersonalEventRow>(personalEvents).find({ lectureId }, { sort: { seq: 1 } });

describe('The event log while the database refuses to write', () => {
  let log: LectureLog;
  beforeEach(async () => {
    log = await open(logs, 1);
    await log.append(started).written;
    isRefused = refuseAll;
  });

  it('keeps batched events, returns them to readers, and stores them later', async () => {
    await log.append(hand).written;
    await expect(log.flush()).rejects.toMatchObject({ code: 'disk.full' });
    expect(await types()).toEqual(['lecture.started', 'hand.raised']);
    expect(await storedTypes()).toEqual(['lecture.started']);
    isRefused = acceptAll;
    clock.advance(10_000);
    await until('the hand to be stored', async () => (await storedTypes()).length === 2);
    expect(await types()).toEqual(['lecture.started', 'hand.raised']);
  });

  it('rejects a chat event, keeps batched events, and leaves no gap in the numbers', async () => {
    await log.append(hand).written;
    await expect(log.append(deleted).written).rejects.toMatchObject({ code: 'disk.full' });
    isRefused = acceptAll;
    await log.append(started).written;
    expect(await storedTypes()).toEqual(['lecture.started', 'hand.raised', 'lecture.started']);
    expect((await storedRows()).map(({ seq, type }) => [seq, type])).toEqual([[1, 'lecture.started'], [2, 'hand.raised'], [3, 'log.refused'], [4, 'lecture.started']]);
  });

  it('stores the events of other lectures', async () => {
    const otherId = LectureId.parse(newId('lec'));
    isRefused = acceptAll;
    const other = await open(logs, 1, otherId);
    isRefused = ({ subject }) => JSON.stringify(subject).includes(lectureId);
    await expect(log.append(started).written).rejects.toMatchObject({ code: 'disk.full' });
    await log.append(hand).written;
    await other.append(hand).written;
    await other.append(deleted).written;
    expect(await storedTypes(otherId)).toEqual(['hand.raised', 'chat.deleted']);
    isRefused = acceptAll;
    await log.flush();
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
    expect(attempts).toBe(2);
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

describe('An event that cannot be stored at all', () => {
  it('is dropped, and does not hold up later events', async () => {
    const log = await open(logs, 1);
    const broken = { ...started, data: { at: Number.NaN } };
    await expect(log.append(broken as never).written).rejects.toThrow(TypeError);
    await log.append(deleted).written;
    expect(await storedTypes()).toEqual(['chat.deleted']);
  });
});

describe('The event log of a lecture that has moved', () => {
  it('refuses events of the earlier owner, and continues the numbers', async () => {
    const [first, second] = [await open(logs, 1), await open(openLogs(), 2)];
    await expect(first.append(deleted).written).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    expect(fenced).toEqual(['owner 1']);
    await second.append(started).written;
    expect((await storedRows()).map(({ seq, type, fence }) => [seq, type, fence])).toEqual([[1, 'log.sealed', 2], [2, 'lecture.started', 2]]);
    expect(await types()).toEqual(['lecture.started']);
  });

  it('refuses every event of a batch that the earlier owner writes late', async () => {
    const first = await open(logs, 1);
    await first.append(started).written;
    await first.flush();
    for (let count = 0; count < 5; count += 1) await first.append(hand).written;
    await open(openLogs(), 2);
    await expect(first.flush()).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    expect((await storedRows()).map(({ type }) => type)).toEqual(['lecture.started', 'log.sealed']);
  });

  it('refuses an owner that opens it late', async () => {
    await open(logs, 3);
    await expect(open(openLogs(), 2)).rejects.toMatchObject({ code: 'lecture.elsewhere' });
  });

  it('stores nothing after it is closed, without a request to the database', async () => {
    const log = await open(logs, 1);
    await log.append(hand).written;
    log.close();
    await log.append(started).written;
    await expect(log.append(deleted).written).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    clock.advance(60_000);
    expect(await storedRows()).toEqual([]);
  });

  it('counts an event as stored whose response was lost', async () => {
    const log = await open(logs, 1);
    const collection = database.collection<PersonalEventRow>(personalEvents);
    await collection.insertOne({ _id: `${lectureId}:1`, lectureId, seq: 1, type: 'lecture.started', atMs: 0, data: {}, fence: 1 });
    await expect(log.append(started).written).resolves.toBeUndefined();
    expect(fenced).toEqual([]);
  });
});
