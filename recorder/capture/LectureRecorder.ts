// Responsible for the recording of one live lecture: follows its publications, passes their frames to the segmenters and
// the segments to the writer. Owns the track slots, the segmenters and the writer, and closes them.
import { fromInstant, waitUntilSettled } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { DiskTrouble, RecordingNote, RecordingState } from '#engine/contract';
import type { WriteTrouble } from './diskTrouble.ts';
import { GroupSegmenter } from '../hls/segmenting/GroupSegmenter.ts';
import type { Resume } from '../hls/segmenting/GroupSegmenter.ts';
import { fillerFormat } from '../hls/filler/fillerFormat.ts';
import type { RecordingExtent } from '../journal/Journal.ts';
import type { RecordingWriter } from '../journal/RecordingWriter.ts';
import { groupOf, recordingTracks, trackGroups } from '../journal/rows.ts';
import type { InitSegmentRow, JournaledFile, RecordingTrack, TrackGroup } from '../journal/rows.ts';
import type { RecordableLecture, RecordablePublication } from './RecordableLecture.ts';
import { SegmentWriter } from './SegmentWriter.ts';
import type { Spool } from './Spool.ts';
import { TrackSlot } from './TrackSlot.ts';
import { flushAfterMs, flushPublishedAfterMs, lastFramesTimeoutMs, trackCheckIntervalMs } from '../limits.ts';

export interface LectureRecorderOptions {
  lecture: RecordableLecture;
  recording: RecordingWriter;
  spool: Spool;
  clock: Clock;
  logger: Logger;
  targetSegmentMs: number;
  queueLimitBytes: number;
  onWritten(file: JournaledFile): void;
}

export class LectureRecorder {
  readonly recordingId: string;
  readonly #options: LectureRecorderOptions;
  readonly #writer: SegmentWriter;
  readonly #segmenters: Record<TrackGroup, GroupSegmenter>;
  readonly #slots: Record<RecordingTrack, TrackSlot>;
  readonly #lastFrameAtMs: Record<TrackGroup, number> = { main: Infinity, screen: Infinity };
  /** The segments in progress are written, because no frame has arrived for a while. */
  readonly #isFlushed: Record<TrackGroup, boolean> = { main: false, screen: false };
  readonly #unsubscribe: (() => void)[] = [];
  #cancelTrackCheck: () => void = () => undefined;
  #writeTrouble: WriteTrouble | null = null;
  /** Frames are dropped because the queue for the disk is full. */
  #isBackpressured = false;
  /** Tracks whose publication cannot be read. */
  readonly #unreadable = new Set<RecordingTrack>();
  #diskMinutesLeft: number | null = null;
  #upload: RecordingNote['upload'] = null;
  #lastState: RecordingState | undefined;
  #lastReport = '';
  #isClosed = false;
  #finishing: Promise<void> | undefined;

  /** `extent`: what earlier runs have written of the recording. */
  constructor(options: LectureRecorderOptions, extent: RecordingExtent) {
    this.#options = options;
    this.recordingId = options.recording.recordingId;
    this.#writer = this.#createWriter(extent);
    const ends = endsOf(extent);
    this.#segmenters = { main: this.#createSegmenter('main', ends), screen: this.#createSegmenter('screen', ends) };
    this.#slots = { 'main-video': this.#createSlot('main-video'), 'main-audio': this.#createSlot('main-audio'), 'screen-video': this.#createSlot('screen-video') };
    this.#subscribe();
  }

  /** Segments of this recording that are late for the store; null when there are none. */
  setUpload(upload: RecordingNote['upload']): void {
    this.#upload = upload;
    this.#report();
  }

  /** Null while the disk lasts long enough. */
  setDiskMinutesLeft(minutes: number | null): void {
    this.#diskMinutesLeft = minutes;
    this.#report();
  }

  /** Ends all tracks. Resolves with true when everything is in the journal, with false when `close` came first. */
  async finish(): Promise<boolean> {
    this.#finishing ??= this.#finishTracks();
    await this.#finishing;
    return this.#writer.drained();
  }

  /** Writes nothing any longer. What is not in the journal is lost. */
  close(): void {
    this.#stop();
    for (const track of recordingTracks) this.#slots[track].close();
    this.#writer.close();
  }

  async #finishTracks(): Promise<void> {
    this.#stop();
    const ends = recordingTracks.map((track) => this.#slots[track].finish());
    await waitUntilSettled(ends, { clock: this.#options.clock, limitMs: lastFramesTimeoutMs });
    for (const track of recordingTracks) this.#slots[track].close();
    for (const group of trackGroups) this.#segmenters[group].finish();
  }

  #stop(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTrackCheck();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #subscribe(): void {
    const { lecture } = this.#options;
    for (const publication of lecture.publications()) this.#slotOf(publication)?.add(publication);
    this.#unsubscribe.push(
      lecture.onPublication((publication) => this.#slotOf(publication)?.add(publication)),
      lecture.onPaused((publicationId, isPaused) => {
        for (const track of recordingTracks) this.#slots[track].setPaused(publicationId, isPaused);
      }),
      lecture.onUnpublished((publicationId) => {
        for (const track of recordingTracks) this.#slots[track].remove(publicationId);
      }),
    );
    this.#report();
    this.#scheduleTrackCheck();
  }

  #slotOf({ kind, source }: RecordablePublication): TrackSlot | undefined {
    if (kind === 'audio') return source === 'screen' ? undefined : this.#slots['main-audio'];
    return source === 'screen' ? this.#slots['screen-video'] : this.#slots['main-video'];
  }

  #scheduleTrackCheck(): void {
    const { clock } = this.#options;
    this.#cancelTrackCheck = clock.after(trackCheckIntervalMs, () => {
      for (const group of trackGroups) this.#checkGroup(group);
      this.#scheduleTrackCheck();
    });
  }

  #checkGroup(group: TrackGroup): void {
    const nowMs = this.#options.clock.nowMs();
    const hasPublication = recordingTracks.some((track) => groupOf[track] === group && this.#slots[track].hasPublication);
    const limitMs = hasPublication ? flushPublishedAfterMs : flushAfterMs;
    if (nowMs - this.#lastFrameAtMs[group] < limitMs) return;
    if (!this.#isFlushed[group]) this.#segmenters[group].flush();
    this.#isFlushed[group] = true;
    // A source without changes sends nothing. Frames that are delayed on their way arrive within this time.
    if (this.#segmenters[group].advance((nowMs - limitMs) * 1000)) return;
    this.#options.logger.warn({ lectureId: this.#options.lecture.lectureId, recordingId: this.recordingId, group }, 'recording.clockJumped');
    for (const track of recordingTracks) if (groupOf[track] === group) this.#slots[track].requestKeyframe();
  }

  #createSlot(track: RecordingTrack): TrackSlot {
    const { logger, clock, targetSegmentMs } = this.#options;
    const group = groupOf[track];
    return new TrackSlot({
      track,
      segmenter: this.#segmenters[group],
      clock,
      logger,
      targetSegmentMs,
      onFrame: () => {
        this.#lastFrameAtMs[group] = clock.nowMs();
        this.#isFlushed[group] = false;
      },
      onUnreadable: (isUnreadable) => {
        if (isUnreadable) this.#unreadable.add(track);
        else this.#unreadable.delete(track);
        this.#report();
      },
    });
  }

  #createSegmenter(group: TrackGroup, ends: Resume['ends']): GroupSegmenter {
    const { recording, targetSegmentMs } = this.#options;
    const tracks = recordingTracks.filter((track) => groupOf[track] === group);
    return new GroupSegmenter({
      tracks,
      zeroUs: fromInstant(recording.row.startedAt) * 1000,
      targetSegmentMs,
      resume: { epochs: recording.row.epochs[group], ends },
      onSegment: (segment) => this.#writer.addSegment(segment),
      onEpochs: (starts) => this.#writer.setEpochs(group, starts),
    });
  }

  #createWriter({ segments, inits }: RecordingExtent): SegmentWriter {
    const { recording, spool, clock, logger, queueLimitBytes } = this.#options;
    const sequences = new Map(segments.map((row) => [row.track, row.sequence + 1]));
    const initEpochs = new Map([...inits].sort((a, b) => a.epoch - b.epoch).map(({ track, epoch }) => [track, epoch]));
    return new SegmentWriter({
      zeroMs: fromInstant(recording.row.startedAt),
      recording,
      spool,
      clock,
      logger,
      queueLimitBytes,
      resume: { sequences, initEpochs },
      onWritten: (file) => this.#options.onWritten(file),
      onTrouble: (trouble) => {
        this.#writeTrouble = trouble;
        this.#report();
      },
      onBackpressure: (isBackpressured) => {
        for (const track of recordingTracks) this.#slots[track].suspend(isBackpressured);
        this.#isBackpressured = isBackpressured;
        this.#report();
      },
    });
  }

  #report(): void {
    if (this.#isClosed) return;
    const { lecture, logger } = this.#options;
    const disk: DiskTrouble | null = this.#writeTrouble ?? (this.#isBackpressured ? 'tooSlow' : null);
    const [diskMinutesLeft, upload] = [this.#diskMinutesLeft, this.#upload];
    const unreadable = [...new Set([...this.#unreadable].map((track) => (track === 'main-audio' ? 'audio' : 'video')))];
    const state = disk || unreadable.length > 0 ? 'failing' : upload ? 'behind' : 'recording';
    const isFine = state === 'recording' && diskMinutesLeft === null;
    const note: RecordingNote | null = isFine ? null : { disk, diskMinutesLeft, upload, unreadable };
    const report = JSON.stringify([state, note]);
    if (report === this.#lastReport) return;
    this.#lastReport = report;
    lecture.reportRecording(state, note);
    if (state === this.#lastState) return;
    this.#lastState = state;
    logger.info({ lectureId: lecture.lectureId, recordingId: this.recordingId, state, disk, trouble: upload?.trouble }, 'recording.stateChanged');
  }
}

/** Where each track ends in the journal. */
function endsOf({ segments, inits }: RecordingExtent): Resume['ends'] {
  const ends: Resume['ends'] = {};
  for (const track of recordingTracks) {
    const last = segments.findLast((segment) => segment.track === track);
    const init = inits.filter((row) => row.track === track).reduce<InitSegmentRow | undefined>((newest, row) => (newest && newest.epoch > row.epoch ? newest : row), undefined);
    if (!last || !init) continue;
    const format = fillerFormat(init);
    ends[track] = { endUs: (last.startMs + last.durationMs) * 1000, epoch: init.epoch, ...(format && { format }) };
  }
  return ends;
}
