import { buildInitSegment, buildSegment } from '../capture/buildSegment.ts';
import type { CompleteSegment } from '../hls/segmenting/CompleteSegment.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { EpochStart, InitSegmentRow, RecordingRow, SegmentRow, TrackGroup } from '../journal/rows.ts';

const recordingId = 'rec_00000000000000000000';

export interface SegmentFile {
  key: string;
  bytes: Uint8Array;
}

/** The rows that the recorder journals for these segments, and the files it writes. */
export function listingOf(completeSegments: readonly CompleteSegment[], epochs: Partial<Record<TrackGroup, EpochStart[]>>): RecordingListing & { files: SegmentFile[] } {
  const zeroMs = Date.UTC(2030, 0, 1);
  const place = { recordingId, zeroMs, writtenAt: new Date(zeroMs).toISOString() };
  const inits: InitSegmentRow[] = [];
  const segments: SegmentRow[] = [];
  const files: SegmentFile[] = [];
  for (const segment of completeSegments) {
    if (!inits.some(({ track, epoch }) => track === segment.track && epoch === segment.epoch)) {
      const init = buildInitSegment(segment, place);
      inits.push(init.row);
      files.push({ key: init.row.key, bytes: init.bytes });
    }
    const { row, bytes } = buildSegment(segment, segments.filter(({ track }) => track === segment.track).length, place);
    segments.push(row);
    files.push({ key: row.key, bytes });
  }
  const recording: RecordingRow = {
    _id: recordingId,
    lectureId: 'lec_00000000000000000000',
    courseId: 'crs_00000000000000000000',
    state: 'finished',
    startedAt: new Date(zeroMs).toISOString(),
    endedAt: null,
    timelineEndMs: Math.max(0, ...segments.map((segment) => segment.startMs + segment.durationMs)),
    epochs: { main: [{ epoch: 0, startMs: 0 }], screen: [{ epoch: 0, startMs: 0 }], ...epochs },
    isStored: false,
  };
  return { recording, inits, segments, files };
}
