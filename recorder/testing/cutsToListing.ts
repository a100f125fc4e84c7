import { buildInitSegment, buildSegment } from '../capture/buildSegment.ts';
import type { CompleteSegment } from '../hls/segmenting/CompleteSegment.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { EpochStart, InitSegmentRow, RecordingRow, SegmentRow, TrackGroup } from '../journal/rows.ts';

const recordingId = 'rec_00000000000000000000';

export interface CutFile {
  key: string;
  bytes: Uint8Array;
}

/** What the recorder would have journaled for these cuts, and the files it would have written. */
export function cutsToListing(cuts: readonly CompleteSegment[], epochs: Partial<Record<TrackGroup, EpochStart[]>>): RecordingListing & { files: CutFile[] } {
  const zeroMs = Date.UTC(2030, 0, 1);
  const place = { recordingId, zeroMs, writtenAt: new Date(zeroMs).toISOString() };
  const inits: InitSegmentRow[] = [];
  const segments: SegmentRow[] = [];
  const files: CutFile[] = [];
  for (const cut of cuts) {
    if (!inits.some((init) => init.track === cut.track && init.epoch === cut.epoch)) {
      const init = buildInitSegment(cut, place);
      inits.push(init.row);
      files.push({ key: init.row.key, bytes: init.bytes });
    }
    const { row, bytes } = buildSegment(cut, segments.filter((segment) => segment.track === cut.track).length, place);
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
