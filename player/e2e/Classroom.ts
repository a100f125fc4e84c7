// Responsible for a course with an instructor and students on a running Lectern, and for the pages they open. Owns the
// pages and, where it was opened with a server or a browser of its own, these as well.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { CourseId, Lecture, LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import type { LecternProcess, LecternProcessOptions } from '../demo/LecternProcess.ts';
import { Person } from '../demo/Person.ts';
import { en } from '../text/en.ts';
import { launchChromium, pageTimeoutMs } from './launchChromium.ts';
import { password } from './RunningSite.ts';
import type { Site } from './RunningSite.ts';
import { TestServer } from './TestServer.ts';
import type { TestServerOptions } from './TestServer.ts';

export interface ClassroomOptions extends TestServerOptions {
  /** A Chromium that others use as well; one of its own when left out. */
  browser?: Browser;
}

interface Surroundings {
  site: Site;
  browser: Browser;
  /** Tests of other files have classrooms on it as well. */
  isShared: boolean;
}

/** Classrooms on one site need accounts of different addresses. */
const classroomsOf = new WeakMap<Site, number>();

export class Classroom {
  /** The instructor, who is an administrator too. */
  readonly ada: Person;
  readonly courseId: CourseId;
  readonly #site: Site;
  readonly #isShared: boolean;
  readonly #browser: Browser;
  readonly #number: number;
  readonly #contexts = new Map<Person, BrowserContext>();
  readonly #lectures: LectureId[] = [];
  /** What only this classroom uses. */
  readonly #own: AsyncDisposableStack;

  private constructor(parts: Surroundings & { courseId: CourseId; number: number; own: AsyncDisposableStack }) {
    this.#site = parts.site;
    this.#isShared = parts.isShared;
    this.#browser = parts.browser;
    this.#number = parts.number;
    this.#own = parts.own;
    this.ada = parts.site.admin;
    this.courseId = parts.courseId;
  }

  /** With a server of its own: for tests that configure it, stop it or kill it. */
  static async open({ browser: shared, ...options }: ClassroomOptions = {}): Promise<Classroom> {
    await using own = new AsyncDisposableStack();
    const server = own.adopt(await TestServer.start(options), (it) => it.close());
    const browser = shared ?? own.adopt(await launchChromium(), (it) => it.close());
    return await Classroom.#create({ site: server, browser, isShared: false }, own);
  }

  /** A new course on a site that others use as well. */
  static async openOn(site: Site, browser: Browser): Promise<Classroom> {
    await using own = new AsyncDisposableStack();
    return await Classroom.#create({ site, browser, isShared: true }, own);
  }

  static async #create(surroundings: Surroundings, own: AsyncDisposableStack): Promise<Classroom> {
    const { site } = surroundings;
    const number = (classroomsOf.get(site) ?? 0) + 1;
    classroomsOf.set(site, number);
    const { id: courseId } = await site.admin.api.createCourse({ body: { title: 'Optics', description: '', enrolmentPolicy: 'open' } });
    return new Classroom({ ...surroundings, courseId, number, own: own.move() });
  }

  /** Of the pages. */
  get url(): string {
    return this.#site.url;
  }

  /** The process, if the tests have started it. */
  get server(): LecternProcess {
    return this.#requireServer().process;
  }

  get dataFolder(): string {
    return this.#requireServer().dataFolder;
  }

  get settings(): Readonly<Record<string, string>> {
    return this.#requireServer().settings;
  }

  /** An address that no other classroom uses. */
  emailOf(name: string): string {
    const words = [name.toLowerCase(), this.#site.accountTag, this.#number === 1 ? '' : String(this.#number)];
    return `${words.filter(Boolean).join('.')}@example.org`;
  }

  async signUp(name: string): Promise<Person> {
    return Person.signUp(this.url, { email: this.emailOf(name), displayName: name, password });
  }

  async student(name: string): Promise<Person> {
    const person = await this.signUp(name);
    await person.api.enrol({ params: { courseId: this.courseId }, body: {} });
    return person;
  }

  /** Another course of the same instructor, with these students. */
  async addCourse(title: string, students: readonly Person[] = []): Promise<CourseId> {
    const { id: courseId } = await this.ada.api.createCourse({ body: { title, description: '', enrolmentPolicy: 'open' } });
    for (const student of students) await student.api.enrol({ params: { courseId }, body: {} });
    return courseId;
  }

  async startLecture(title = 'Lecture 1', courseId = this.courseId): Promise<LectureId> {
    const { id } = await this.ada.api.startLecture({ body: { courseId, title, isRecorded: true } });
    this.#lectures.push(id);
    return id;
  }

  /** Ends the lecture and waits until its recording is complete: the playlists of a live one make ffmpeg begin near their end. */
  async endRecorded(lectureId: LectureId): Promise<Lecture & { videoId: VideoId }> {
    const lecture = await this.ada.api.endLecture({ params: { lectureId } });
    const { videoId } = lecture;
    if (!videoId) throw new Error('the lecture was recorded');
    await until('the video to be ready', async () => (await this.ada.api.getVideo({ params: { videoId } })).state === 'ready', 60_000);
    return { ...lecture, videoId };
  }

  /** The address to which an encoder publishes, with its key. */
  async streamUrl(courseId = this.courseId): Promise<string> {
    const { serverUrl, streamKey } = await this.ada.api.issueStreamKey({ params: { courseId } });
    return `${serverUrl}/${streamKey}`;
  }

  /** Starts a server that has ended, at the same addresses and with the same data. */
  async restart(options: Partial<Pick<LecternProcessOptions, 'onSpawn' | 'settings'>> = {}): Promise<void> {
    await this.#requireServer().restart(options);
  }

  /** Opens a page as that person, who signs in through the form the first time. */
  async openPage(person: Person, address: string): Promise<Page> {
    const known = this.#contexts.get(person);
    const context = known ?? (await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['camera', 'microphone'] }));
    context.setDefaultTimeout(pageTimeoutMs);
    this.#contexts.set(person, context);
    const page = await context.newPage();
    if (!known) await signIn(page, this.url, person);
    await page.goto(`${this.url}${address}`);
    return page;
  }

  async close(): Promise<void> {
    for (const context of this.#contexts.values()) await context.close();
    if (this.#isShared) for (const lectureId of this.#lectures) await this.#end(lectureId);
    await this.#own.disposeAsync();
  }

  #requireServer(): TestServer {
    if (this.#site instanceof TestServer) return this.#site;
    throw new Error('This site was running before the tests. A test that needs its process opens a classroom with Classroom.open.');
  }

  async #end(lectureId: LectureId): Promise<void> {
    const { state } = await this.ada.api.getLecture({ params: { lectureId } });
    if (state !== 'ended') await this.ada.api.endLecture({ params: { lectureId } });
  }
}

async function signIn(page: Page, baseUrl: string, { credentials }: Person): Promise<void> {
  await page.goto(`${baseUrl}/sign-in`);
  await page.getByLabel(en.account.email).fill(credentials.email);
  await page.getByLabel(en.account.password, { exact: true }).fill(credentials.password);
  await page.getByRole('button', { name: en.account.signIn, exact: true }).click();
  await page.waitForURL(`${baseUrl}/`);
}
