// Responsible for what administrators see of the live lectures of this process: measures them, and keeps samples since each went
// live or was taken over. Owns the timer and the samples.
import type { LectureId, LiveReport, LiveSample } from '../contract/index.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { LectureRegistry } from './LectureRegistry.ts';
import { liveSampleIntervalMs, maxLiveSamples } from './limits.ts';
import type { LiveLecture } from './LiveLecture.ts';
import type { MediaPlane } from './ports.ts';

export interface LiveMonitorOptions {
  registry: Pick<LectureRegistry, 'allLive' | 'live'>;
  plane: Pick<MediaPlane, 'workers'>;
  clock: Clock;
}

export class LiveMonitor {
  readonly #options: LiveMonitorOptions;
  readonly #samples = new Map<LectureId, { kept: LiveSample[]; everyNth: number; count: number }>();
  #cancel: () => void = () => undefined;

  private constructor(options: LiveMonitorOptions) {
    this.#options = options;
  }

  static start(options: LiveMonitorOptions): LiveMonitor {
    const monitor = new LiveMonitor(options);
    monitor.#schedule();
    return monitor;
  }

  reports(): LiveReport[] {
    return this.#options.registry.allLive().map((lecture) => this.#report(lecture));
  }

  /** Those of a lecture that is live here, the oldest first. */
  samplesOf(lectureId: LectureId): LiveSample[] {
    const lecture = this.#options.registry.live(lectureId);
    return lecture ? [...(this.#samples.get(lectureId)?.kept ?? []), this.#sample(lecture)] : [];
  }

  close(): void {
    this.#cancel();
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(liveSampleIntervalMs, () => {
      this.#takeSamples();
      this.#schedule();
    });
  }

  /** A long lecture has as many samples as a short one: when there are too many, every second one is dropped. */
  #takeSamples(): void {
    const live = this.#options.registry.allLive();
    for (const lectureId of this.#samples.keys()) if (!live.some(({ id }) => id === lectureId)) this.#samples.delete(lectureId);
    for (const lecture of live) {
      const of = this.#samples.get(lecture.id) ?? { kept: [], everyNth: 1, count: 0 };
      this.#samples.set(lecture.id, of);
      if (of.count++ % of.everyNth === 0) of.kept.push(this.#sample(lecture));
      if (of.kept.length < maxLiveSamples) continue;
      of.kept = of.kept.filter((_, index) => index % 2 === 0);
      of.everyNth *= 2;
    }
  }

  #sample(lecture: LiveLecture): LiveSample {
    const { people, sentBps, receivedBps } = this.#report(lecture);
    return { atMs: this.#options.clock.nowMs(), people, sentBps, receivedBps };
  }

  #report({ id: lectureId, roster, reports }: LiveLecture): LiveReport {
    const parts = this.#options.plane.workers.flatMap(({ lectures }) => lectures.filter((part) => part.lectureId === lectureId));
    const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + of(part), 0);
    const { health: encoder, recording } = reports;
    const isRunning = encoder?.state === 'running';
    return {
      lectureId,
      people: roster.peopleCount,
      viewers: sum(({ viewers }) => viewers),
      sentBps: Math.round(sum(({ egressBps }) => egressBps)),
      receivedBps: isRunning ? Math.round((encoder.videoBitrateBps ?? 0) + (encoder.audioBitrateBps ?? 0)) : null,
      encoder,
      recording,
    };
  }
}
