import { describe, expect, it } from 'vitest';
import { segmentsOfEmptyIndex } from '../limits.ts';
import { RecordingIndexes } from './RecordingIndexes.ts';
import { journalWith } from './testing/journalWith.ts';

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
    const indexes = new RecordingIndexes(journal, { maxSegments: 10 + 2 * segmentsOfEmptyIndex });
    const [first = '', second = '', third = ''] = recordingIds;
    const isRead = async (recordingId: string) => {
      const before = database.readCount;
      await indexes.get(recordingId);
      return database.readCount > before;
    };
    expect([await isRead(first), await isRead(second), await isRead(first), await isRead(third)]).toEqual([true, true, false, true]);
    expect([await isRead(first), await isRead(second)]).toEqual([false, true]);
  });

  it('make room for recordings without segments, too', async () => {
    const { database, journal, recordingIds } = await journalWith(3, 0);
    const indexes = new RecordingIndexes(journal, { maxSegments: 2 * segmentsOfEmptyIndex });
    for (const recordingId of recordingIds) await indexes.get(recordingId);
    const before = database.readCount;
    await indexes.get(recordingIds[0]!);
    expect(database.readCount).toBeGreaterThan(before);
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
