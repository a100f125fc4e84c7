// Responsible for a lecture on the air with a source that comes back by itself and a student who watches, against one
// server and one store. Owns the classroom, the encoder and the pages, and closes them.
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SupervisedEncoder } from '../../demo/SupervisedEncoder.ts';
import { en } from '../../text/en.ts';
import { Classroom } from '../Classroom.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { installFrameWatch, watchedIn } from '../frameWatch.ts';
import { auditData } from './auditProgram.ts';
import type { AuditVerdict } from './auditProgram.ts';

export interface WatchedLectureOptions {
  source: 'RTMP' | 'browser';
  settings?: Readonly<Record<string, string>>;
  /** Those of the audit, when they differ from the server's. */
  auditSettings?: Readonly<Record<string, string>>;
}

const picture = { widthPx: 640, heightPx: 360, frameRate: 15 };
const flowingMs = 1000;

export class WatchedLecture {
  readonly classroom: Classroom;
  readonly lectureId: LectureId;
  readonly startedAtMs: number;
  readonly room: Page;
  readonly student: Person;
  /** Of the instructor, who sends from it or, with an encoder, only looks at it. */
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

  static async open({ source, settings = {}, auditSettings = settings }: WatchedLectureOptions): Promise<WatchedLecture> {
    const logged = new Set<string>();
    const classroom = await Classroom.open(settings, (line) => {
      const event = /"msg":"([^"]+)"/.exec(line)?.[1];
      if (event) logged.add(event);
    });
    const student = await classroom.student('Noor');
    const lectureId = await classroom.startLecture();
    const startedAtMs = Date.parse((await classroom.ada.api.getLecture({ params: { lectureId } })).startedAt ?? '');
    const encoder = source === 'RTMP' ? new SupervisedEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '640x360', shows: 'flash' }) : undefined;
    const studio = source === 'browser' ? await goLive(classroom, lectureId) : undefined;
    const room = await classroom.openPage(student, '/');
    await room.addInitScript(installFrameWatch);
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    // A page that loads again has forgotten this.
    await room.evaluate(() => Object.assign(window, { isFirstLoad: true }));
    return new WatchedLecture({ classroom, lectureId, startedAtMs, room, student, studio }, { encoder, auditSettings, logged });
  }

  /** The student sees a moving picture that began to move after that time; says when it did. */
  async videoResumed(sinceMs: number, limitMs = 60_000): Promise<number> {
    const back = await until(
      'the picture in the room',
      async () => {
        const shown = (await watchedIn(this.room)).pictures.filter((at) => at > sinceMs);
        return shown.filter((at) => at > Date.now() - flowingMs).length >= 5 ? shown[0] : undefined;
      },
      limitMs,
    );
    return back;
  }

  /** How many pictures the student saw between two times. */
  async framesShown(fromMs: number, toMs: number): Promise<number> {
    return (await watchedIn(this.room)).pictures.filter((at) => at > fromMs && at <= toMs).length;
  }

  hasNeverReloaded(): Promise<boolean> {
    return this.room.evaluate(() => 'isFirstLoad' in window);
  }

  /** Some run of the server has logged that event. */
  hasLogged(event: string): boolean {
    return this.#logged.has(event);
  }

  async say(text: string): Promise<void> {
    const visit = await RoomVisit.enter(this.classroom.server.url, this.student, this.lectureId);
    await visit.ask('chat.post', { text });
    visit.leave();
  }

  /** While the server does not run. */
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

async function goLive(classroom: Classroom, lectureId: LectureId): Promise<Page> {
  const studio = await classroom.openPage(classroom.ada, '/');
  await studio.addInitScript(installFlashingDevices, picture);
  await studio.goto(`${classroom.server.url}/studio/${lectureId}`);
  await studio.getByRole('button', { name: new RegExp(`${en.studio.goLive}|${en.studio.continueLive}`) }).click();
  return studio;
}
