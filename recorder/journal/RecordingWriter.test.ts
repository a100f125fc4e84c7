import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId, openSqliteDatabase, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { refusingDatabase } from '#engine/testing';
import { buildInitSegment, buildSegment } from '../capture/buildSegment.ts';
import { audioSegment } from '../testing/completeSegments.ts';
import { Journal } from './Journal.ts';
import type { RecordingWriter } from './RecordingWriter.ts';
import type { JournaledFile } from './rows.ts';

const of = { lectureId: newId('lec'), courseId: newId('crs'), startedAt: toInstant(0) };
const elsewhere = { code: 'lecture.elsewhere' };
let database: Database;
let isRefused: boolean;

beforeEach(async () => {
  database = await openSqliteDatabase({ path: ':memory:' });
  isRefused = false;
});
afterEach(() => database.close());

const journalOf = (nodeId: string) => new Journal(refusingDatabase(database, () => isRefused), nodeId);
const segmentFile = ({ recordingId }: RecordingWriter, index: number): JournaledFile => ({ kind: 'segment', row: buildSegment(audioSegment(index), index, { recordingId, zeroMs: 0, writtenAt: toInstant(0) }).row });
const initFile = ({ recordingId }: RecordingWriter): JournaledFile => ({ kind: 'init', row: buildInitSegment(audioSegment(0), { recordingId, zeroMs: 0, writtenAt: toInstant(0) }).row });

async function rowsOf({ recordingId }: RecordingWriter) {
  const { segments, inits } = await new Journal(database).extent(recordingId);
  return [...inits, ...segments].map(({ entry, fence, nodeId }) => [entry, fence, nodeId]);
}

describe('The writer of a recording', () => {
  it('names the node and the owner in every row', async () => {
    const writer = await journalOf('nod_a').openRecording(of, 1);
    await writer.add([initFile(writer), segmentFile(writer, 0), segmentFile(writer, 1)]);
    expect(await rowsOf(writer)).toEqual([[0, 1, 'nod_a'], [0, 1, 'nod_a'], [1, 1, 'nod_a']]);
  });

  it('adds the same files again after a refusal, each once', async () => {
    const writer = await journalOf('nod_a').openRecording(of, 1);
    isRefused = true;
    await expect(writer.add([initFile(writer), segmentFile(writer, 0)])).rejects.toMatchObject({ code: 'disk.full' });
    isRefused = false;
    await writer.add([initFile(writer), segmentFile(writer, 0)]);
    await writer.add([segmentFile(writer, 1)]);
    expect((await rowsOf(writer)).map(([entry]) => entry)).toEqual([0, 0, 1]);
  });

  it('is refused everything once the lecture has a later owner', async () => {
    const [first, second] = [await journalOf('nod_a').openRecording(of, 1), await journalOf('nod_b').openRecording(of, 2)];
    expect(second.recordingId).toBe(first.recordingId);
    await expect(first.add([segmentFile(first, 0)])).rejects.toMatchObject(elsewhere);
    await expect(first.add([initFile(first)])).rejects.toMatchObject(elsewhere);
    await expect(first.setEpochs('main', [{ epoch: 0, startMs: 0 }, { epoch: 1, startMs: 5 }])).rejects.toMatchObject(elsewhere);
    await expect(first.change({ state: 'finished' })).rejects.toMatchObject(elsewhere);
    await second.add([initFile(second), segmentFile(second, 0)]);
    expect(await rowsOf(second)).toEqual([[1, 2, 'nod_b'], [1, 2, 'nod_b']]);
    expect(await new Journal(database).recording(first.recordingId)).toMatchObject({ state: 'recording', epochs: { main: [{ epoch: 0, startMs: 0 }] } });
  });

  it('is refused the rest of a batch of which the later owner has taken one entry', async () => {
    const first = await journalOf('nod_a').openRecording(of, 1);
    await first.add([segmentFile(first, 0)]);
    const late = [1, 2, 3].map((index) => segmentFile(first, index));
    await journalOf('nod_b').openRecording(of, 2);
    await expect(first.add(late)).rejects.toMatchObject(elsewhere);
    expect(await rowsOf(first)).toEqual([[0, 1, 'nod_a']]);
  });

  it('is not opened by an owner that comes late', async () => {
    await journalOf('nod_b').openRecording(of, 3);
    await expect(journalOf('nod_a').openRecording(of, 2)).rejects.toMatchObject(elsewhere);
    await expect(journalOf('nod_a').openRecording(of, 1)).rejects.toMatchObject(elsewhere);
  });

  it('continues for an owner whose takeover the database has interrupted', async () => {
    const first = await journalOf('nod_a').openRecording(of, 1);
    await first.add([segmentFile(first, 0)]);
    isRefused = true;
    await expect(journalOf('nod_b').openRecording(of, 2)).rejects.toMatchObject({ code: 'disk.full' });
    isRefused = false;
    const second = await journalOf('nod_b').openRecording(of, 2);
    await second.add([segmentFile(second, 1)]);
    expect((await rowsOf(second)).map(([entry, fence]) => [entry, fence])).toEqual([[0, 1], [2, 2]]);
  });
});
