import { LectureId } from '../../contract/index.ts';
import { newId, systemClock } from '../../kernel/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { MediaPlane } from '../../lecture/ports.ts';
import { ManualClock } from '../../testing/ManualClock.ts';
import { findWorkerBinary } from '../../setup/workerBinary.ts';
import { sfuConfig } from '../config.ts';
import { createMediaPlane } from '../createMediaPlane.ts';
import { pipeLingerMs } from '../limits.ts';
import { recordingLogger } from './recordingLogger.ts';

/** Where the viewers of a lecture are: on the worker of its publishers, or on both in turn, beginning with the other one. */
export type Spread = 'direct' | 'piped';

export interface TwoWorkers {
  plane: MediaPlane;
  find: ReturnType<typeof recordingLogger>['find'];
}

/** A media plane with two workers on ports that the system chooses. */
export async function openTwoWorkers(spread: Spread, { clock = systemClock, settings = {} }: { clock?: Clock; settings?: Record<string, string> } = {}): Promise<TwoWorkers> {
  const { logger, find } = recordingLogger();
  const config = sfuConfig.parse({ LECTERN_RTC_WORKERS: 2, LECTERN_RTC_PORT: 0, LECTERN_RTC_HOME_SHARE: spread === 'direct' ? 1 : 0, ...settings });
  const plane = await createMediaPlane({ config, workerBin: findWorkerBinary(process.env), ffmpegCommand: 'ffmpeg', logger, clock });
  return { plane, find };
}

/** A clock on which only what lingers waits for the test. Everything else, as the detection of hanging workers, is in real time. */
export function lingeringClock(): { clock: Clock; advance: (byMs: number) => void } {
  const manual = new ManualClock();
  const after: Clock['after'] = (delayMs, callback) => (delayMs === pipeLingerMs ? manual : systemClock).after(delayMs, callback);
  return { clock: { nowMs: () => systemClock.nowMs(), after }, advance: (byMs) => manual.advance(byMs) };
}

export function newLectureId(): LectureId {
  return LectureId.parse(newId('lec'));
}
