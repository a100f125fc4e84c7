import { newId, toInstant } from '#engine/kernel';
import type { Recorder, RecordingTrack, SegmentRow, VideoRow, VideoStore } from '#recorder';

export interface RecordedLecture {
  courseId: string;
  lectureId: string;
  title: string;
  /** Of one segment of each track; by default there is one for all of it. */
  segmentMs?: number;
}

const startedAtMs = Date.UTC(2030, 0, 1);
const durationMs = 90_000;

/** Writes what the recorder leaves of a lecture that has ended, without media. */
export async function recordVideo({ recorder, videos }: { recorder: Recorder; videos: VideoStore }, { courseId, lectureId, title, segmentMs = durationMs }: RecordedLecture): Promise<VideoRow> {
  const startedAt = toInstant(startedAtMs);
  const writer = await recorder.journal.openRecording({ lectureId, courseId, startedAt });
  const { recordingId } = writer;
  for (const track of ['main-video', 'main-audio'] as const) {
    for (let sequence = 0; sequence * segmentMs < durationMs; sequence += 1) await writer.add([{ kind: 'segment', row: storedSegment({ recordingId, track, sequence, segmentMs }) }]);
  }
  await writer.change({ state: 'finished', endedAt: toInstant(startedAtMs + durationMs), timelineEndMs: durationMs });
  return videos.sync({ recordingId, courseId, lectureId, title, startedAt, isFinished: true, durationSeconds: durationMs / 1000, hasScreen: false });
}

function storedSegment({ recordingId, track, sequence, segmentMs }: { recordingId: string; track: RecordingTrack; sequence: number; segmentMs: number }): SegmentRow {
  const instants = { wallClock: toInstant(startedAtMs), writtenAt: toInstant(startedAtMs + durationMs) };
  const media = { startMs: sequence * segmentMs, durationMs: segmentMs, frameCount: 1, isIndependent: true, isFiller: false, bytes: 1, sha256: '00' };
  return { _id: newId('seg'), recordingId, track, sequence, epoch: 0, key: `recordings/${recordingId}/${track}/${String(sequence).padStart(6, '0')}.m4s`, state: 'stored', ...media, ...instants };
}
