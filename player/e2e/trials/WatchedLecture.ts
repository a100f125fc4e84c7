// Responsible for a live lecture with a source that reconnects by itself and a student who watches it, on one server and
// one store. Owns the classroom, the encoder and the pages, and closes them.
import type { Browser, Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SupervisedEncoder } from '../../demo/SupervisedEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { isMoving, seenIn, watchFrames } from '../frameWatch.ts';
import { goLive } from '../goLive.ts';
import { auditData } from './auditProgram.ts';
import type { AuditVerdict } from './auditProgram.ts';

export interface WatchedLectureOptions {
  source: 'RTMP' | 'browser';
  browser: Browser;
  settings?: Readonly<Record<string, string>>;
  /** The settings of the audit, where they differ from the server's. */
  auditSettings?: Readonly<Record<string, string>>;
}

/** Small: neither its encoding nor its decoding is what is tried. */
const video = { widthPx: 320, heightPx: 180, frameRate: 15 };

export class WatchedLecture {
  readonly classroom: Classroom;
  readonly lectureId: LectureId;
  readonly startedAtMs: number;
  readonly room: Page;
  readonly student: Person;
  /** The instructor's page, where the source is a browser. */
  readonly studio: Page | undefined;
  readonly #encoder: SupervisedEncoder | undefined;
  readonly #auditSettings: Readonly<Record<string, string>>;
  readonly #logged: ReadonlySet<string>;

  private constructor(parts: Pick<WatchedLecture, 'classroom' | 'lectureId' | 'startedAtMs' | 'room' | 'student' | 'studio'>, own: { encoder: SupervisedEncoder | undefined; auditSettings: Readonly<Record<string, string>>; logged: ReadonlySet<string> }) {
    this.classroom = parts.classroom;
    this.lectureId = parts.lectureId;
    this.startedAtMs = parts.startedAtMs;
    this.room = parts.room;
    this.student = parts.student;
    this.studio = parts.studio;
    this.#encoder = own.encoder;
    this.#auditSettings = own.auditSettings;
    this.#logged = own.logged;
  }

  static async open({ source, browser, settings = {}, auditSettings = settings }: WatchedLectureOptions): Promise<WatchedLecture> {
    const logged = new Set<string>();
    const onLine = (line: string) => {
      const event = /"msg":"([^"]+)"/.exec(line)?.[1];
      if (event) logged.add(event);
    };
    const classroom = await Classroom.open({ browser, settings, onLine });
    const student = await classroom.student('Noor');
    const lectureId = await classroom.startLecture();
    const startedAtMs = Date.parse((await classroom.ada.api.getLecture({ params: { lectureId } })).startedAt ?? '');
    const encoder = source === 'RTMP' ? new SupervisedEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', shows: 'flash' }) : undefined;
    const studio = source === 'browser' ? await goLive(classroom, lectureId, (page) => page.addInitScript(installFlashingDevices, video)) : undefined;
    const room = await classroom.openPage(student, '/');
    await watchFrames(room);
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    // Gone after a reload.
    await room.evaluate(() => Object.assign(window, { isFirstLoad: true }));
    return new WatchedLecture({ classroom, lectureId, startedAtMs, room, student, studio }, { encoder, auditSettings, logged });
  }

  /** Waits until the student sees moving video; returns the time of its first frame after `sinceMs`. */
  videoResumed(sinceMs: number, limitMs = 90_000): Promise<number> {
    return until(
      'the video in the room',
      async () => {
        const { frames } = await seenIn(this.room, sinceMs);
        return isMoving(frames) ? frames[0] : undefined;
      },
      limitMs,
    );
  }

  hasNeverReloaded(): Promise<boolean> {
    return this.room.evaluate(() => 'isFirstLoad' in window);
  }

  /** Whether any run of the server has logged that event. */
  hasLogged(event: string): boolean {
    return this.#logged.has(event);
  }

  async post(text: string): Promise<void> {
    const visit = await RoomVisit.enter(this.classroom.server.url, this.student, this.lectureId);
    await visit.ask('chat.post', { text });
    visit.leave();
  }

  /** Only while the server is stopped. */
  audit(): Promise<AuditVerdict> {
    return auditData(this.classroom.dataFolder, this.#auditSettings);
  }

  stopSource(): Promise<void> {
    return this.#encoder ? this.#encoder.stop() : (this.studio?.close() ?? Promise.resolve());
  }

  async close(): Promise<void> {
    await this.#encoder?.stop();
    await this.classroom.close();
  }
}
