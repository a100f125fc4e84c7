import { describe, expect, it } from 'vitest';
import { newId, toInstant } from '#engine/kernel';
import { countingDatabase, openTestDatabase } from '#engine/testing';
import { Journal } from './Journal.ts';
import { initKey, segmentKey } from './keys.ts';
import { RecordingIndexes } from './RecordingIndexes.ts';
import type { RecordingWriter } from './RecordingWriter.ts';
import type { InitSegmentRow, SegmentRow } from './rows.ts';

const at = toInstant(0);
const track = 'main-video';

function segmentRow(recordingId: string, sequence: number): SegmentRow {
  const media = { startMs: sequence * 2000, durationMs: 2000, frameCount: 60, isIndependent: true, isFiller: false, bytes: 1, sha256: '00' };
  return { _id: newId('seg'), recordingId, track, sequence, epoch: 0, key: segmentKey({ recordingId, track }, sequence), state: 'written', wallClock: at, writtenAt: at, ...media };
}

async function journalWith(recordingCount: number, segmentCount: number) {
  const database = countingDatabase(await openTestDatabase());
  const journal = new Journal(database);
  const writers = await Promise.all(Array.from({ length: recordingCount }, () => writerWith(journal, segmentCount)));
  return { database, journal, recordingIds: writers.map(({ recordingId }) => recordingId), writers };
}

async function writerWith(journal: Journal, segmentCount: number): Promise<RecordingWriter> {
  const writer = await journal.openRecording({ lectureId: newId('lec'), courseId: newId('crs'), startedAt: at });
  const rows = Array.from({ length: segmentCount }, (_, sequence) => ({ kind: 'segment' as const, row: segmentRow(writer.recordingId, sequence) }));
  if (rows.length > 0) await writer.add(rows);
  return writer;
}

describe('The row of a file', () => {
  it('is read once for all viewers, and again when its state has changed', async () => {
    const { database, journal, recordingIds } = await journalWith(1, 1);
    const key = segmentKey({ recordingId: recordingIds[0]!, track }, 0);
    const before = database.readCount;
    const file = await journal.byKey(key);
    for (let viewer = 0; viewer < 5; viewer += 1) expect(await journal.byKey(key)).toBe(file);
    expect(database.readCount - before).toBe(1);
    await journal.setState(file!, 'stored');
    expect(await journal.byKey(key)).toMatchObject({ kind: 'segment', row: { key, state: 'stored' } });
    expect(database.readCount - before).toBe(2);
  });

  it('is read from the collection that its name belongs to', async () => {
    const { database, journal, recordingIds, writers } = await journalWith(1, 0);
    database.reads.clear();
    const of = { recordingId: recordingIds[0]!, track } as const;
    const init = { _id: 'ini_00000000000000000000', ...of, epoch: 0, key: initKey(of, 0), state: 'written', bytes: 1, sha256: '00', writtenAt: at } as unknown as InitSegmentRow;
    await writers[0]!.add([{ kind: 'init', row: init }]);
    expect(await journal.byKey(init.key)).toMatchObject({ kind: 'init', row: { key: init.key } });
    expect(database.reads.get('segments')).toBeUndefined();
    expect(await journal.byKey(segmentKey(of, 7))).toBeUndefined();
    expect(database.reads.get('initSegments')).toBe(1);
  });

  it('that was read before a change is not kept', async () => {
    const { journal, recordingIds } = await journalWith(1, 1);
    const key = segmentKey({ recordingId: recordingIds[0]!, track }, 0);
    const file = await journal.byKey(key);
    await journal.setState(file!, 'written');
    const reading = journal.byKey(key);
    await Promise.all([reading, journal.setState(file!, 'lost')]);
    expect(await journal.byKey(key)).toMatchObject({ row: { state: 'lost' } });
  });
});

describe('The indexes of recordings', () => {
  it('stay in memory for hundreds of short recordings', async () => {
    const { database, journal, recordingIds } = await journalWith(200, 1);
    const indexes = new RecordingIndexes(journal);
    for (const recordingId of recordingIds) await indexes.get(recordingId);
    const before = database.readCount;
    for (const recordingId of recordingIds) await indexes.get(recordingId);
    expect(database.readCount).toBe(before);
  });

  it('make room by the number of their segments, the least recently used first', async () => {
    const { database, journal, recordingIds } = await journalWith(3, 4);
    const indexes = new RecordingIndexes(journal, { maxSegments: 10 });
    const [first = '', second = '', third = ''] = recordingIds;
    const isRead = async (recordingId: string) => {
      const before = database.readCount;
      await indexes.get(recordingId);
      return database.readCount > before;
    };
    expect([await isRead(first), await isRead(second), await isRead(first), await isRead(third)]).toEqual([true, true, false, true]);
    expect([await isRead(first), await isRead(second)]).toEqual([false, true]);
  });

  it('keep a recording that is larger than all of them may be', async () => {
    const { database, journal, recordingIds } = await journalWith(1, 4);
    const indexes = new RecordingIndexes(journal, { maxSegments: 2 });
    await indexes.get(recordingIds[0]!);
    const before = database.readCount;
    await indexes.get(recordingIds[0]!);
    expect(database.readCount).toBe(before);
  });
});
