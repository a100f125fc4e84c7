import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingNote, RecordingState, TrackKind, TrackSource } from '#engine/contract';
import type { EncodedFrame } from '#engine/media';
import type { RecordableLecture } from '../capture/RecordableLecture.ts';
import type { FakeTap } from './FakeLecture.ts';
import { audioFormat, audioFrames } from './frames.ts';

export interface DrivenPublication {
  publicationId: string;
  /** Where its frames come from. */
  tap: FakeTap;
  /** Only for one that was published without media. */
  sendMedia(): void;
}

/** A lecture and what happens in it. */
export interface LectureDriver {
  lecture: RecordableLecture;
  publish(kind: TrackKind, source: TrackSource, options: { isPaused: boolean; hasMedia: boolean }): DrivenPublication;
  setPaused(publication: DrivenPublication, isPaused: boolean): Promise<void>;
  unpublish(publication: DrivenPublication): void;
  /** The last report of the recorder. */
  lastReport(): { state: RecordingState; note: RecordingNote | null };
  close(): Promise<void>;
}

const playing = { isPaused: false, hasMedia: true };

/** The behaviour of every lecture that can be recorded. */
export function recordableLectureConformance(name: string, open: (startedAtMs: number) => Promise<LectureDriver>): void {
  describe(`${name} as a recordable lecture`, () => {
    const startedAtMs = 1_000_000;
    let driver: LectureDriver;
    beforeEach(async () => {
      driver = await open(startedAtMs);
    });
    afterEach(() => driver.close());

    it('has ids and the zero of its clock', () => {
      expect(driver.lecture.lectureId).toMatch(/^lec_/);
      expect(driver.lecture.courseId).toMatch(/^crs_/);
      expect(driver.lecture.startedAtMs).toBe(startedAtMs);
    });

    it('lists its publications, the newest last, until they are unpublished', () => {
      const camera = driver.publish('video', 'camera', playing);
      const microphone = driver.publish('audio', 'microphone', playing);
      expect(driver.lecture.publications()).toMatchObject([
        { publicationId: camera.publicationId, kind: 'video', source: 'camera', isPaused: false },
        { publicationId: microphone.publicationId, kind: 'audio', source: 'microphone', isPaused: false },
      ]);
      driver.unpublish(camera);
      expect(driver.lecture.publications().map(({ publicationId }) => publicationId)).toEqual([microphone.publicationId]);
    });

    it('reports new publications, when they are listed, until the listener unsubscribes', () => {
      driver.publish('video', 'camera', playing);
      const reported: unknown[] = [];
      const unsubscribe = driver.lecture.onPublication(({ publicationId, source }) => {
        reported.push([publicationId, source, driver.lecture.publications().at(-1)?.publicationId === publicationId]);
      });
      const screen = driver.publish('video', 'screen', playing);
      unsubscribe();
      driver.publish('audio', 'microphone', playing);
      expect(reported).toEqual([[screen.publicationId, 'screen', true]]);
    });

    it('reports which publications are paused, and when that changes', async () => {
      const microphone = driver.publish('audio', 'microphone', { isPaused: true, hasMedia: true });
      expect(driver.lecture.publications()).toMatchObject([{ isPaused: true }]);
      const changes: unknown[] = [];
      const unsubscribe = driver.lecture.onPaused((publicationId, isPaused) => changes.push([publicationId, isPaused]));
      await driver.setPaused(microphone, false);
      expect(driver.lecture.publications()).toMatchObject([{ isPaused: false }]);
      await driver.setPaused(microphone, true);
      unsubscribe();
      await driver.setPaused(microphone, false);
      expect(changes).toEqual([[microphone.publicationId, false], [microphone.publicationId, true]]);
    });

    it('reports unpublished publications, when they are no longer listed', () => {
      const camera = driver.publish('video', 'camera', playing);
      const screen = driver.publish('video', 'screen', playing);
      const reported: unknown[] = [];
      const unsubscribe = driver.lecture.onUnpublished((publicationId) => reported.push([publicationId, driver.lecture.publications().length]));
      driver.unpublish(camera);
      unsubscribe();
      driver.unpublish(screen);
      expect(reported).toEqual([[camera.publicationId, 1]]);
    });

    it('reports the first media of a publication once, and immediately to a later listener', () => {
      const blocked = driver.publish('audio', 'microphone', { isPaused: false, hasMedia: false });
      const [publication] = driver.lecture.publications();
      let calls = 0;
      publication?.onMedia(() => (calls += 1));
      expect(calls).toBe(0);
      blocked.sendMedia();
      expect(calls).toBe(1);
      publication?.onMedia(() => (calls += 1));
      expect(calls).toBe(2);
    });

    it('passes on the format and the frames of a publication until the tap is closed', async () => {
      const microphone = driver.publish('audio', 'microphone', playing);
      const [first, second] = audioFrames({ fromMs: 0, durationMs: 50 });
      if (!first || !second) throw new Error('expected two frames');
      const received: unknown[] = [];
      const sink = { format: (format: unknown) => received.push(format), frame: (frame: EncodedFrame) => received.push(frame), ended: () => received.push('ended') };
      const handle = await driver.lecture.publications()[0]?.frames.open(sink);
      const format = audioFormat();
      microphone.tap.format(format);
      microphone.tap.frame(first);
      handle?.close();
      microphone.tap.frame(second);
      expect(received).toEqual([format, first]);
    });

    it('accepts reports of the recorder', () => {
      const note = { disk: 'full' as const, diskMinutesLeft: null, upload: null, unreadable: [] };
      driver.lecture.reportRecording('failing', note);
      expect(driver.lastReport()).toEqual({ state: 'failing', note });
      driver.lecture.reportRecording('recording');
      expect(driver.lastReport()).toEqual({ state: 'recording', note: null });
    });
  });
}
