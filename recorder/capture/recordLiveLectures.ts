import type { LectureRegistry, LiveLecture } from '#engine';
import { background, retryUntilPersisted } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { diskTrouble } from './diskTrouble.ts';
import { recordableLecture } from './recordLiveLecture.ts';
import type { Recorder } from '../Recorder.ts';

export interface LiveRecording {
  /** Every lecture that was live when this was called is being recorded, or its disk takes nothing yet. */
  settled(): Promise<void>;
  stop(): void;
}

export interface RecordLiveLecturesOptions {
  registry: LectureRegistry;
  recorder: Recorder;
  clock: Clock;
  logger: Logger;
}

/** Records every lecture that goes on the air, unless its instructor said not to, until it ends. */
export function recordLiveLectures(options: RecordLiveLecturesOptions): LiveRecording {
  const beginning = new Set<Promise<void>>();
  const stop = options.registry.onLive((lecture) => {
    if (!lecture.view.isRecorded) return;
    const begun = record(lecture, options).finally(() => beginning.delete(begun));
    beginning.add(begun);
    background('recorder.attach', begun, options.logger);
  });
  return {
    stop,
    settled: async () => {
      await Promise.allSettled(beginning);
    },
  };
}

/** Resolves after the first attempt; where the database does not take the recording's row, further ones follow. */
async function record(lecture: LiveLecture, { recorder, clock, logger }: RecordLiveLecturesOptions): Promise<void> {
  const ended = new AbortController();
  lecture.onNotification(({ type }) => {
    if (type === 'lecture.ended') ended.abort();
  });
  if (lecture.view.state === 'ended') ended.abort();
  const attach = async () => {
    const recording = await recorder.attach(recordableLecture(lecture));
    const finish = () => background('recorder.finish', recording.finish(), logger);
    if (ended.signal.aborted) finish();
    else ended.signal.addEventListener('abort', finish, { once: true });
  };
  try {
    await attach();
  } catch (err) {
    logger.error({ err, lectureId: lecture.id }, 'recording.startFailed');
    lecture.reportRecording('failing', { disk: diskTrouble(err), diskMinutesLeft: null, upload: null });
    background('recorder.attach', retryUntilPersisted(attach, { clock, signal: ended.signal }), logger);
  }
}
