import type { LectureRegistry, LiveLecture } from '#engine';
import { background, retryUntilPersisted } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { diskTrouble } from './diskTrouble.ts';
import { recordableLecture } from './recordLiveLecture.ts';
import type { Recorder } from '../Recorder.ts';

export interface LiveRecording {
  /** Resolves when recording was attempted for every lecture that was live at the call. */
  settled(): Promise<void>;
  stop(): void;
}

export interface RecordLiveLecturesOptions {
  registry: LectureRegistry;
  recorder: Recorder;
  clock: Clock;
  logger: Logger;
}

/** Records every lecture from when it goes live until it ends, unless its instructor has turned recording off. */
export function recordLiveLectures(options: RecordLiveLecturesOptions): LiveRecording {
  const starting = new Set<Promise<void>>();
  const stop = options.registry.onLive((lecture) => {
    if (!lecture.view.isRecorded) return;
    const attempt = record(lecture, options).finally(() => starting.delete(attempt));
    starting.add(attempt);
    background('recorder.attach', attempt, options.logger);
  });
  return {
    stop,
    settled: async () => {
      await Promise.allSettled(starting);
    },
  };
}

/** Resolves after the first attempt. If the database refuses the recording's row, attempts continue in the background. */
async function record(lecture: LiveLecture, { recorder, clock, logger }: RecordLiveLecturesOptions): Promise<void> {
  const ended = new AbortController();
  let hasMoved = false;
  lecture.onNotification(({ type }) => {
    hasMoved ||= type === 'lecture.moved';
    if (type === 'lecture.ended' || hasMoved) ended.abort();
  });
  if (lecture.view.state === 'ended') ended.abort();
  const attach = async () => {
    const recording = await recorder.attach(recordableLecture(lecture));
    const finish = () => {
      // Another process continues the recording of a lecture that has moved.
      if (hasMoved) return recording.letGo();
      const finished = recording.finish();
      lecture.holds.until(finished);
      background('recorder.finish', finished, logger);
    };
    if (ended.signal.aborted) finish();
    else ended.signal.addEventListener('abort', finish, { once: true });
  };
  try {
    await attach();
  } catch (err) {
    logger.error({ err, lectureId: lecture.id }, 'recording.startFailed');
    lecture.reports.setRecording('failing', { disk: diskTrouble(err), diskMinutesLeft: null, upload: null, unreadable: [] });
    background('recorder.attach', retryUntilPersisted(attach, { clock, signal: ended.signal }), logger);
  }
}
