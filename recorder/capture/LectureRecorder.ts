// Responsible for the recording of one live lecture: takes its publications as they come and go, has their frames cut
// and the segments written. Owns the taps, the cutters and the writer, and closes them.
import { fromInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { RecordingState } from '#engine/contract';
import { patienceMs } from '../hls/cutting/CutSegment.ts';
import { GroupCutter } from '../hls/cutting/GroupCutter.ts';
import type { Journal, JournaledFile } from '../journal/Journal.ts';
import { groupOf, recordingTracks, trackGroups } from '../journal/rows.ts';
import type { RecordingRow, RecordingTrack, SegmentRow, TrackGroup } from '../journal/rows.ts';
import type { RecordableLecture, RecordablePublication } from './RecordableLecture.ts';
import { SegmentWriter } from './SegmentWriter.ts';
import type { Spool } from './Spool.ts';
import { TrackSlot } from './TrackSlot.ts';

export interface LectureRecorderOptions {
  lecture: RecordableLecture;
  recording: RecordingRow;
  journal: Journal;
  spool: Spool;
  clock: Clock;
  logger: Logger;
  targetSegmentMs: number;
  queueLimitBytes: number;
  onWritten(file: JournaledFile): void;
}

const heartbeatMs = 1000;
/** No frame for this long, and the segment in progress goes to the disk. */
const restAfterMs = patienceMs + 1000;

export class LectureRecorder {
  readonly recordingId: string;
  readonly #options: LectureRecorderOptions;
  readonly #writer: SegmentWriter;
  readonly #cutters: Record<TrackGroup, GroupCutter>;
  readonly #slots: Record<RecordingTrack, TrackSlot>;
  readonly #lastFrameAtMs: Record<TrackGroup, number> = { main: Infinity, screen: Infinity };
  readonly #unsubscribe: (() => void)[] = [];
  #cancelHeartbeat: () => void = () => undefined;
  #isFailing = false;
  #isBehind = false;
  #reported: RecordingState | undefined;
  #isClosed = false;

  constructor(options: LectureRecorderOptions, written: readonly SegmentRow[], initEpochs: ReadonlyMap<RecordingTrack, number>) {
    this.#options = options;
    this.recordingId = options.recording._id;
    this.#writer = this.#createWriter(written, initEpochs);
    this.#cutters = { main: this.#createCutter('main', written), screen: this.#createCutter('screen', written) };
    this.#slots = { 'main-video': this.#createSlot('main-video'), 'main-audio': this.#createSlot('main-audio'), 'screen-video': this.#createSlot('screen-video') };
    this.#follow();
  }

  /** The store is late with what this recording has written. */
  setBehind(isBehind: boolean): void {
    this.#isBehind = isBehind;
    this.#report();
  }

  /** Ends all tracks; resolves when what they had is in the journal. */
  async finish(): Promise<void> {
    this.#stop();
    for (const group of trackGroups) this.#cutters[group].finish();
    await this.#writer.drained();
  }

  close(): void {
    this.#stop();
    this.#writer.close();
  }

  #stop(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelHeartbeat();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const track of recordingTracks) this.#slots[track].close();
  }

  #follow(): void {
    const { lecture } = this.#options;
    for (const publication of lecture.publications()) this.#slotOf(publication)?.offer(publication);
    this.#unsubscribe.push(
      lecture.onPublication((publication) => this.#slotOf(publication)?.offer(publication)),
      lecture.onUnpublished((publicationId) => {
        for (const track of recordingTracks) this.#slots[track].withdraw(publicationId);
      }),
    );
    this.#report();
    this.#beat();
  }

  #slotOf({ kind, source }: RecordablePublication): TrackSlot | undefined {
    if (kind === 'audio') return source === 'screen' ? undefined : this.#slots['main-audio'];
    return source === 'screen' ? this.#slots['screen-video'] : this.#slots['main-video'];
  }

  #beat(): void {
    const { clock } = this.#options;
    this.#cancelHeartbeat = clock.after(heartbeatMs, () => {
      for (const group of trackGroups) {
        if (clock.nowMs() - this.#lastFrameAtMs[group] < restAfterMs) continue;
        this.#lastFrameAtMs[group] = Infinity;
        this.#cutters[group].rest();
      }
      this.#beat();
    });
  }

  #createSlot(track: RecordingTrack): TrackSlot {
    const { logger, clock } = this.#options;
    const group = groupOf[track];
    return new TrackSlot({
      track,
      cutter: this.#cutters[group],
      logger,
      onFrame: () => {
        this.#lastFrameAtMs[group] = clock.nowMs();
      },
    });
  }

  #createCutter(group: TrackGroup, written: readonly SegmentRow[]): GroupCutter {
    const { recording, targetSegmentMs } = this.#options;
    const tracks = recordingTracks.filter((track) => groupOf[track] === group);
    return new GroupCutter({
      tracks,
      zeroUs: fromInstant(recording.startedAt) * 1000,
      targetSegmentMs,
      resume: { epochs: recording.epochs[group], endUs: endsOf(written) },
      onSegment: (cut) => this.#writer.segment(cut),
      onEpochs: (starts) => this.#writer.epochs(group, starts),
    });
  }

  #createWriter(written: readonly SegmentRow[], initEpochs: ReadonlyMap<RecordingTrack, number>): SegmentWriter {
    const { recording, journal, spool, clock, logger, queueLimitBytes } = this.#options;
    const sequences = new Map(written.map((row) => [row.track, row.sequence + 1]));
    return new SegmentWriter({
      recordingId: this.recordingId,
      zeroMs: fromInstant(recording.startedAt),
      journal,
      spool,
      clock,
      logger,
      queueLimitBytes,
      resume: { sequences, initEpochs },
      onWritten: (file) => this.#options.onWritten(file),
      onFailing: (isFailing) => {
        this.#isFailing = isFailing;
        this.#report();
      },
    });
  }

  #report(): void {
    if (this.#isClosed) return;
    const state = this.#isFailing ? 'failing' : this.#isBehind ? 'behind' : 'recording';
    if (state === this.#reported) return;
    this.#reported = state;
    const { lecture, logger } = this.#options;
    logger.info({ lectureId: lecture.lectureId, recordingId: this.recordingId, state }, 'recording.stateChanged');
    lecture.reportRecording(state);
  }
}

/** Up to where each track is written, in microseconds of the lecture's clock. */
function endsOf(written: readonly SegmentRow[]): Partial<Record<RecordingTrack, number>> {
  const ends: Partial<Record<RecordingTrack, number>> = {};
  for (const row of written) ends[row.track] = Math.max(ends[row.track] ?? 0, (row.startMs + row.durationMs) * 1000);
  return ends;
}
