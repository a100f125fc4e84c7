import { describe, expect, it } from 'vitest';
import { initKey, segmentKey } from './keys.ts';
import type { InitSegmentRow } from './rows.ts';
import { at, journalWith, track } from './testing/journalWith.ts';

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
