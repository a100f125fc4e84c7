// Responsible for the tracks of a group together: orders their frames by time, keeps their epochs in sync, and has the
// gaps of one track filled while the other continues. Pure: no clock, no files. Owns the frames that wait for the other
// track (`maxLagMs` at most) and the segments in progress.
import type { EncodedFrame, TrackFormat } from '#engine/media';
import type { EpochStart, RecordingTrack } from '../../journal/rows.ts';
import { AudioSegmenter } from './AudioSegmenter.ts';
import type { CompleteSegment, SegmenterLimits } from './CompleteSegment.ts';
import { EpochLedger } from './EpochLedger.ts';
import type { FormatChange, SegmenterFrame, TrackSegmenter } from './TrackSegmenter.ts';
import { VideoSegmenter } from './VideoSegmenter.ts';
import { epochJoinMs, maxLagMs, maxUnseenHoldMs } from '../../limits.ts';

export interface Resume {
  epochs: readonly EpochStart[];
  /** Where each track ends; absent for an empty track. */
  ends: Partial<Record<RecordingTrack, TrackEnd>>;
}

export interface TrackEnd {
  /** µs of the lecture's clock. */
  endUs: number;
  /** The last epoch in which it has a segment. */
  epoch: number;
  /** The format of its fillers. */
  format?: TrackFormat;
}

export interface GroupSegmenterOptions extends SegmenterLimits {
  tracks: readonly RecordingTrack[];
  /** The lecture's start on the server's clock, µs. */
  zeroUs: number;
  /** What an earlier run of the recorder has written of this recording. */
  resume?: Resume;
  onSegment(segment: CompleteSegment): void;
  onEpochs(epochs: readonly EpochStart[]): void;
}

interface Queue {
  segmenter: TrackSegmenter;
  frames: SegmenterFrame[];
  change: FormatChange | undefined;
  isAfterGap: boolean;
  /** Until when the source of its last frame is there; Infinity while it is. */
  presentUntilUs: number;
  /** The first frame since its source was last absent. */
  presentSinceUs: number;
}

export class GroupSegmenter {
  readonly #zeroUs: number;
  readonly #queues = new Map<RecordingTrack, Queue>();
  /** After the earlier run, all tracks are in the same epoch. */
  readonly #areTracksInSync: boolean;
  /** Called once, with the first frame: begins an epoch after those of the earlier run. */
  #beginResumeEpoch: (() => void) | undefined;
  #firstUs: number | undefined;
  #latestUs = 0;
  /** The latest frame that was passed on, of any track: the connection was alive. */
  #releasedUs = -Infinity;

  constructor(options: GroupSegmenterOptions) {
    const { resume, targetSegmentMs } = options;
    const onSegment = (segment: CompleteSegment) => options.onSegment(segment);
    this.#zeroUs = options.zeroUs;
    const ledger = new EpochLedger(resume?.epochs ?? [], (starts) => options.onEpochs(starts));
    const ends = options.tracks.map((track) => resume?.ends[track]).filter((end) => end !== undefined);
    this.#areTracksInSync = new Set(ends.map(({ epoch }) => epoch)).size <= 1;
    this.#beginResumeEpoch = () => beginEpochAfterResume(ledger, ends);
    for (const track of options.tracks) {
      const { endUs = 0, epoch = -1, format } = resume?.ends[track] ?? {};
      const segmenterOptions = { track, ledger, targetSegmentMs, onSegment, resumeAtUs: endUs, resumeEpoch: epoch, ...(format && { resumeFormat: format }) };
      const segmenter = track === 'main-audio' ? new AudioSegmenter(segmenterOptions) : new VideoSegmenter(segmenterOptions);
      this.#queues.set(track, { segmenter, frames: [], change: undefined, isAfterGap: false, presentUntilUs: -Infinity, presentSinceUs: Infinity });
    }
  }

  get droppedFrames(): number {
    return [...this.#queues.values()].reduce((sum, { segmenter }) => sum + segmenter.droppedFrames, 0);
  }

  format(track: RecordingTrack, format: TrackFormat, isNewSource: boolean): void {
    const queue = this.#queue(track);
    queue.change = { format, isNewSource: isNewSource || (queue.change?.isNewSource ?? false) };
  }

  gap(track: RecordingTrack): void {
    this.#queue(track).isAfterGap = true;
  }

  /** The source of the track is paused or has ended: its last frame is not shown any longer. */
  absent(track: RecordingTrack): void {
    const queue = this.#queue(track);
    queue.presentUntilUs = Math.min(queue.presentUntilUs, this.#latestUs);
  }

  /**
   * Holds the last frame up to this time, although no other track of the group shows that time has passed. Not over a jump of the
   * clock: what follows it is a gap, until the next frame; then the result is false.
   * `timeUs`: on the server's clock.
   */
  advance(timeUs: number): boolean {
    const untilUs = timeUs - this.#zeroUs;
    if (this.#isJump(untilUs)) {
      this.#loseSources();
      return false;
    }
    for (const queue of this.#queues.values()) {
      if (!isPresent(queue) || queue.frames.length > 0 || this.#hasPresentOther(queue)) continue;
      queue.segmenter.hold(untilUs);
      this.#latestUs = Math.max(this.#latestUs, untilUs);
    }
    return true;
  }

  frame(track: RecordingTrack, frame: EncodedFrame): void {
    this.#beginResumeEpoch?.();
    this.#beginResumeEpoch = undefined;
    const queue = this.#queue(track);
    if (this.#isJump(frame.decodeTimeUs - this.#zeroUs)) this.#loseSources();
    const onLectureClock: SegmenterFrame = {
      ...frame,
      decodeTimeUs: frame.decodeTimeUs - this.#zeroUs,
      presentationTimeUs: frame.presentationTimeUs - this.#zeroUs,
      isAfterGap: queue.isAfterGap,
      change: queue.change,
      heldUntilUs: queue.presentUntilUs,
      groupUs: this.#latestUs,
    };
    queue.change = undefined;
    queue.isAfterGap = false;
    if (!isPresent(queue)) queue.presentSinceUs = onLectureClock.decodeTimeUs;
    queue.presentUntilUs = Infinity;
    queue.frames.push(onLectureClock);
    this.#firstUs ??= onLectureClock.decodeTimeUs;
    this.#latestUs = Math.max(this.#latestUs, onLectureClock.decodeTimeUs);
    this.#release(maxLagMs * 1000);
  }

  /** Releases all waiting frames and ends the segments in progress, because no frame has arrived for a while. */
  flush(): void {
    this.#release(-1);
    for (const { segmenter } of this.#queues.values()) segmenter.flush();
  }

  /** Ends the group: tracks that ended early are filled up to the end of the last one. */
  finish(): void {
    if (this.#beginResumeEpoch && this.#areTracksInSync) return;
    this.#beginResumeEpoch?.();
    this.#release(-1);
    const queues = [...this.#queues.values()];
    const endUs = Math.max(...queues.map(({ segmenter }) => segmenter.endUs));
    for (const { segmenter, presentUntilUs } of queues) segmenter.finish(endUs, presentUntilUs);
  }

  /** Nothing was heard of this group for so long that a source may have been absent. */
  #isJump(timeUs: number): boolean {
    return timeUs - this.#latestUs > maxUnseenHoldMs * 1000 && [...this.#queues.values()].some(isPresent);
  }

  /** No last frame is shown after the latest time. */
  #loseSources(): void {
    for (const track of this.#queues.keys()) this.absent(track);
  }

  /** Passes frames on in order of time, as far as no track can still send an earlier one. */
  #release(maxLagUs: number): void {
    for (;;) {
      const first = this.#nextQueue();
      const frame = first?.frames[0];
      if (!first || !frame) return;
      const isDue = this.#areAllWaiting() || this.#latestUs - frame.decodeTimeUs > maxLagUs;
      if (!isDue) return;
      this.#fillGapsUntil(frame.decodeTimeUs, first);
      first.frames.shift();
      frame.heldUntilUs = this.#heldUntilUs(first, frame);
      frame.groupUs = this.#latestUs;
      first.segmenter.frame(frame);
      this.#releasedUs = Math.max(this.#releasedUs, frame.decodeTimeUs);
    }
  }

  /** The queue with the earliest frame. */
  #nextQueue(): Queue | undefined {
    let first: Queue | undefined;
    for (const queue of this.#queues.values()) {
      if (queue.frames.length > 0 && (!first || timeOf(queue) < timeOf(first))) first = queue;
    }
    return first;
  }

  #areAllWaiting(): boolean {
    for (const { frames } of this.#queues.values()) if (frames.length === 0) return false;
    return true;
  }

  /** Video comes first: black begins an epoch, which the audio then enters. */
  #fillGapsUntil(timeUs: number, next: Queue): void {
    for (const queue of this.#queues.values()) {
      const untilUs = queue === next ? timeUs - epochJoinMs * 1000 : timeUs;
      if (this.#needsFill(queue)) queue.segmenter.fillUntil(untilUs, this.#heldUntilUs(queue, { decodeTimeUs: timeUs, heldUntilUs: queue.frames[0]?.heldUntilUs ?? queue.presentUntilUs }));
    }
  }

  /**
   * Until when the last frame of a track stays, before a frame of the group. A source may send a frame only when something
   * changes. Where no track of the group has frames, the connection itself was silent.
   */
  #heldUntilUs(queue: Queue, { decodeTimeUs, heldUntilUs }: Pick<SegmenterFrame, 'decodeTimeUs' | 'heldUntilUs'>): number {
    const wasSilent = this.#hasPresentOther(queue, this.#releasedUs) && decodeTimeUs - this.#releasedUs > maxLagMs * 1000;
    return wasSilent ? Math.min(heldUntilUs, this.#releasedUs) : heldUntilUs;
  }

  /** Another track of the group has a source that was there at that time, and still is. */
  #hasPresentOther(queue: Queue, atUs = Infinity): boolean {
    for (const other of this.#queues.values()) if (other !== queue && isPresent(other) && other.presentSinceUs <= atUs) return true;
    return false;
  }

  /** A track of an earlier run gets time to begin in its own format before it is filled. */
  #needsFill(queue: Queue): boolean {
    const hasWaited = this.#latestUs - (this.#firstUs ?? 0) > maxLagMs * 1000;
    if (!queue.segmenter.hasBegun && (!hasWaited || queue.frames.length > 0)) return false;
    const nextUs = queue.frames[0]?.decodeTimeUs ?? this.#latestUs;
    return nextUs - queue.segmenter.endUs > maxLagMs * 1000;
  }

  #queue(track: RecordingTrack): Queue {
    const queue = this.#queues.get(track);
    if (!queue) throw new Error(`${track} is not in this group`);
    return queue;
  }
}

/** The new frames may have another format than those of the earlier run. */
function beginEpochAfterResume(ledger: EpochLedger, ends: readonly TrackEnd[]): void {
  const inLast = ends.filter(({ epoch }) => epoch === ledger.current);
  if (inLast.length > 0) ledger.begin(Math.min(...inLast.map(({ endUs }) => endUs)));
}

function isPresent(queue: Queue): boolean {
  return queue.presentUntilUs === Infinity;
}

function timeOf(queue: Queue): number {
  return queue.frames[0]?.decodeTimeUs ?? Infinity;
}
