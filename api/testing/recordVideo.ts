import { newId, toInstant } from '#engine/kernel';
import type { Recorder, RecordingTrack, SegmentRow, VideoRow, VideoStore } from '#recorder';

export interface RecordedLecture {
  courseId: string;
  lectureId: string;
  title: string;
}

const startedAtMs = Date.UTC(2030, 0, 1);
const durationMs = 90_000;

/** Writes what the recorder leaves of a lecture that has ended, without media. */
export async function recordVideo({ recorder, videos }: { recorder: Recorder; videos: VideoStore }, { courseId, lectureId, title }: RecordedLecture): Promise<VideoRow> {
  const startedAt = toInstant(startedAtMs);
  const writer = await recorder.journal.openRecording({ lectureId, courseId, startedAt });
  const { recordingId } = writer;
  for (const track of ['main-video', 'main-audio'] as const) await writer.add([{ kind: 'segment', row: storedSegment(recordingId, track) }]);
  await writer.change({ state: 'finished', endedAt: toInstant(startedAtMs + durationMs), timelineEndMs: durationMs });
  return videos.sync({ recordingId, courseId, lectureId, title, startedAt, isFinished: true, durationSeconds: durationMs / 1000, hasScreen: false });
}

function storedSegment(recordingId: string, track: RecordingTrack): SegmentRow {
  const instants = { wallClock: toInstant(startedAtMs), writtenAt: toInstant(startedAtMs + durationMs) };
  const media = { startMs: 0, durationMs, frameCount: 1, isIndependent: true, isFiller: false, bytes: 1, sha256: '00' };
  return { _id: newId('seg'), recordingId, track, sequence: 0, epoch: 0, key: `recordings/${recordingId}/${track}/000000.m4s`, state: 'stored', ...media, ...instants };
}
