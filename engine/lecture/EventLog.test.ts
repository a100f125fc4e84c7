import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError, LectureId, MessageId, ParticipantId, UserId } from '../contract/index.ts';
import type { LectureFact } from '../contract/index.ts';
import { openSqliteDatabase } from '../kernel/database/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { ManualClock, silentLogger, until } from '../testing/index.ts';
import { EventLog, EventLogs } from './EventLog.ts';

const userId = UserId.parse(newId('usr'));
const hand: LectureFact = { type: 'hand.raised', data: { participantId: ParticipantId.parse(newId('prt')), userId } };
const started: LectureFact = { type: 'lecture.started', data: {} };
const deleted: LectureFact = { type: 'chat.deleted', data: { messageId: MessageId.parse(newId('msg')), byUserId: userId } };

describe('the log of a lecture while the database refuses to write', () => {
  const lectureId = LectureId.parse(newId('lec'));
  let database: Database;
  let clock: ManualClock;
  let isFull: boolean;
  let logs: EventLogs;
  let log: EventLog;

  beforeEach(async () => {
    database = await openSqliteDatabase({ path: ':memory:' });
    clock = new ManualClock();
    isFull = false;
    logs = new EventLogs({ database: refusing(database, () => isFull), clock, logger: silentLogger });
    log = new EventLog({ logs, lectureId, past: [], lectureClockMs: () => 0 });
    await log.append(started).written;
    isFull = true;
  });
  afterEach(() => database.close());

  const types = async () => (await logs.read(lectureId)).map(({ type }) => type);
  const typesOnDisk = async () => (await new EventLogs({ database, clock, logger: silentLogger }).read(lectureId)).map(({ type }) => type);

  it('keeps what waits, tells of it, and writes it when there is room again', async () => {
    await log.append(hand).written;
    await expect(logs.flush()).rejects.toMatchObject({ code: 'disk.full' });
    expect(await types()).toEqual(['lecture.started', 'hand.raised']);
    expect(await typesOnDisk()).toEqual(['lecture.started']);
    isFull = false;
    clock.advance(10_000);
    await until('the hand on the disk', async () => (await typesOnDisk()).length === 2);
    expect(await types()).toEqual(['lecture.started', 'hand.raised']);
  });

  it('gives back what people wrote, and keeps what waited beside it', async () => {
    await log.append(hand).written;
    await expect(log.append(deleted).written).rejects.toMatchObject({ code: 'disk.full' });
    isFull = false;
    await logs.flush();
    expect(await typesOnDisk()).toEqual(['lecture.started', 'hand.raised']);
  });

  it('tries again by itself until it is written', async () => {
    await expect(log.append(started).written).rejects.toMatchObject({ code: 'disk.full' });
    for (let round = 0; round < 3; round += 1) {
      clock.advance(5000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await typesOnDisk()).toHaveLength(1);
    isFull = false;
    clock.advance(5000);
    await until('the fact on the disk', async () => (await typesOnDisk()).length === 2);
  });
});

/** The same database, which refuses inserts while its disk is full. */
function refusing(database: Database, isFull: () => boolean): Database {
  const refuse = () => {
    if (isFull()) throw new CodedError('disk.full', 'The disk is full.');
  };
  const guarded = <Row extends { _id: string }>(collection: Collection<Row>): Collection<Row> =>
    Object.assign(Object.create(collection) as Collection<Row>, {
      find: collection.find.bind(collection),
      insertOne: async (row: Row) => {
        refuse();
        return collection.insertOne(row);
      },
      insertMany: async (rows: Row[]) => {
        refuse();
        return collection.insertMany(rows);
      },
    });
  return { collection: (definition) => guarded(database.collection(definition)), close: () => database.close() };
}
