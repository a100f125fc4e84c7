import type { LectureRegistry, LiveLecture } from '#engine';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import { recordableLecture } from './capture/recordLiveLecture.ts';
import type { Recorder } from './Recorder.ts';

export interface LiveRecording {
  /** Every lecture that was live when this was called is being recorded. */
  settled(): Promise<void>;
  stop(): void;
}

/** Records every lecture that goes on the air, unless its instructor said not to, until it ends. */
export function recordLiveLectures({ registry, recorder, logger }: { registry: LectureRegistry; recorder: Recorder; logger: Logger }): LiveRecording {
  const beginning = new Set<Promise<void>>();
  const stop = registry.onLive((lecture) => {
    if (!lecture.view.isRecorded) return;
    const begun = record(lecture, recorder, logger).finally(() => beginning.delete(begun));
    beginning.add(begun);
    background('recorder.attach', begun, logger);
  });
  return {
    stop,
    settled: async () => {
      await Promise.allSettled(beginning);
    },
  };
}

async function record(lecture: LiveLecture, recorder: Recorder, logger: Logger): Promise<void> {
  const ended = Promise.withResolvers<void>();
  lecture.onSignal(({ type }) => {
    if (type === 'lecture.ended') ended.resolve();
  });
  const recording = await recorder.attach(recordableLecture(lecture));
  if (lecture.view.state === 'ended') ended.resolve();
  background('recorder.finish', ended.promise.then(() => recording.finish()), logger);
}
