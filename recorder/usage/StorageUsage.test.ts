import { describe, expect, it } from 'vitest';
import { newId } from '#engine/kernel';
import { countingDatabase, openTestDatabase } from '#engine/testing';
import { recordingsDefinition } from '../journal/collections.ts';
import { Journal } from '../journal/Journal.ts';
import { segmentKey } from '../journal/keys.ts';
import type { RecordingRow, SegmentRow, SegmentState } from '../journal/rows.ts';
import { StorageUsage } from './StorageUsage.ts';

const track = 'main-video';
const at = (hour: number) => `2030-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;

async function openUsage() {
  const database = countingDatabase(await openTestDatabase());
  const journal = new Journal(database);
  const usage = new StorageUsage(database);
  const rows = database.collection<RecordingRow>(recordingsDefinition);
  let sequence = 0;
  const addSegments = async (writer: Awaited<ReturnType<Journal['openRecording']>>, states: readonly SegmentState[]) => {
    const { recordingId } = writer;
    const made = states.map((state): SegmentRow => {
      sequence += 1;
      return { _id: newId('seg'), recordingId, track, sequence, epoch: 0, key: segmentKey({ recordingId, track }, sequence), state, wallClock: at(0), writtenAt: at(0), startMs: sequence, durationMs: 1, frameCount: 1, isIndependent: true, isFiller: false, bytes: 100, sha256: '00' };
    });
    await writer.add(made.map((row) => ({ kind: 'segment' as const, row })));
  };
  const record = async (courseId: string, hour: number, { states, isFinal = true }: { states: readonly SegmentState[]; isFinal?: boolean }) => {
    const writer = await journal.openRecording({ lectureId: newId('lec'), courseId, startedAt: at(hour) });
    await addSegments(writer, states);
    const finish = () => rows.updateOne({ _id: writer.recordingId }, { $set: { state: 'finished', isStored: true } });
    if (isFinal) await finish();
    return { writer, finish };
  };
  const measure = () => usage.measure({ now: at(23), signal: new AbortController().signal });
  const amounts = async () => (await usage.courses.find({ isCourse: true }, { sort: { bytes: -1, _id: -1 } })).map(({ _id, bytes, objects, recordings }) => [_id, bytes, objects, recordings]);
  return { database, usage, record, addSegments, measure, amounts };
}

describe('The storage that courses use', () => {
  it('is the sum of the stored objects of their recordings', async () => {
    const { record, measure, amounts, usage } = await openUsage();
    await record('crs_a', 1, { states: ['stored', 'stored', 'lost'] });
    await record('crs_a', 2, { states: ['stored'] });
    await record('crs_b', 3, { states: ['stored', 'written'] });
    expect(await usage.total()).toBeUndefined();
    await measure();
    expect(await amounts()).toEqual([['crs_a', 300, 3, 2], ['crs_b', 100, 1, 1]]);
    expect(await usage.total()).toMatchObject({ bytes: 400, objects: 4, recordings: 3, measuredAt: at(23) });
    await measure();
    expect(await amounts()).toEqual([['crs_a', 300, 3, 2], ['crs_b', 100, 1, 1]]);
  });

  it('grows with a live recording, and is final when that is stored', async () => {
    const { record, addSegments, measure, amounts } = await openUsage();
    const { writer, finish } = await record('crs_a', 1, { states: ['stored'], isFinal: false });
    await record('crs_b', 2, { states: ['stored'] });
    await measure();
    await addSegments(writer, ['stored', 'stored']);
    await measure();
    expect(await amounts()).toEqual([['crs_a', 300, 3, 1], ['crs_b', 100, 1, 1]]);
    await addSegments(writer, ['stored']);
    await finish();
    await measure();
    expect(await amounts()).toEqual([['crs_a', 400, 4, 1], ['crs_b', 100, 1, 1]]);
  });

  it('is not measured again for recordings that are final', async () => {
    const { record, measure, database } = await openUsage();
    for (let hour = 1; hour <= 5; hour += 1) await record('crs_a', hour, { states: ['stored'] });
    await measure();
    await record('crs_a', 6, { states: ['stored'] });
    const before = database.reads.get('segments') ?? 0;
    await measure();
    const readPerRecording = 3;
    expect((database.reads.get('segments') ?? 0) - before).toBeLessThanOrEqual(readPerRecording);
  });
});
