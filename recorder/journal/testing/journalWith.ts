// Recordings with rows of segments, for tests of the journal.
import { newId, toInstant } from '#engine/kernel';
import { countingDatabase, openTestDatabase } from '#engine/testing';
import { Journal } from '../Journal.ts';
import { segmentKey } from '../keys.ts';
import type { RecordingWriter } from '../RecordingWriter.ts';
import type { SegmentRow } from '../rows.ts';

export const at = toInstant(0);
export const track = 'main-video';

export function segmentRow(recordingId: string, sequence: number): SegmentRow {
  const media = { startMs: sequence * 2000, durationMs: 2000, frameCount: 60, isIndependent: true, isFiller: false, bytes: 1, sha256: '00' };
  return { _id: newId('seg'), recordingId, track, sequence, epoch: 0, key: segmentKey({ recordingId, track }, sequence), state: 'written', wallClock: at, writtenAt: at, ...media };
}

export async function journalWith(recordingCount: number, segmentCount: number) {
  const database = countingDatabase(await openTestDatabase());
  const journal = new Journal(database);
  const writers = await Promise.all(Array.from({ length: recordingCount }, () => writerWith(journal, segmentCount)));
  return { database, journal, recordingIds: writers.map(({ recordingId }) => recordingId), writers };
}

export async function writerWith(journal: Journal, segmentCount: number): Promise<RecordingWriter> {
  const writer = await journal.openRecording({ lectureId: newId('lec'), courseId: newId('crs'), startedAt: at });
  const rows = Array.from({ length: segmentCount }, (_, sequence) => ({ kind: 'segment' as const, row: segmentRow(writer.recordingId, sequence) }));
  if (rows.length > 0) await writer.add(rows);
  return writer;
}
