import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { CourseId, Lecture, LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { findBrowser } from '../../engine/setup/mediaTools.mjs';
import { LecternProcess } from '../demo/LecternProcess.ts';
import type { LecternProcessOptions } from '../demo/LecternProcess.ts';
import { Person } from '../demo/Person.ts';
import { en } from '../text/en.ts';

const password = 'a good password';

/** Hears every line the server prints. */
type OnLine = LecternProcessOptions['onLine'];

const chromiumFlags = [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--auto-select-desktop-capture-source=Entire screen',
];

/** A running Lectern with a course, an instructor and students, and browsers to open its pages in. Owns all of it. */
export class Classroom {
  readonly dataFolder: string;
  readonly settings: Readonly<Record<string, string>>;
  server: LecternProcess;
  readonly ada: Person;
  readonly courseId: CourseId;
  readonly #browser: Browser;
  readonly #contexts = new Map<Person, BrowserContext>();
  readonly #onLine: OnLine;

  private constructor(parts: { onLine: OnLine; dataFolder: string; settings: Readonly<Record<string, string>>; server: LecternProcess; ada: Person; courseId: CourseId; browser: Browser }) {
    this.dataFolder = parts.dataFolder;
    this.settings = parts.settings;
    this.server = parts.server;
    this.ada = parts.ada;
    this.courseId = parts.courseId;
    this.#browser = parts.browser;
    this.#onLine = parts.onLine;
  }

  static async open(settings: Readonly<Record<string, string>> = {}, onLine?: OnLine): Promise<Classroom> {
    const executablePath = findBrowser(process.env);
    if (!executablePath) throw new Error('The journeys need a Chromium: npm test installs it.');
    const dataFolder = settings.LECTERN_DATA_DIR ?? (await mkdtemp(path.join(tmpdir(), 'lectern-journey-')));
    const ports = { LECTERN_HTTP_PORT: await freePort(), LECTERN_RTMP_PORT: await freePort(), LECTERN_RTC_PORT: '0', LECTERN_RTC_WORKERS: '1', LECTERN_HTTP_LISTEN_ADDRESS: '127.0.0.1' };
    const server = await LecternProcess.start({ dataFolder, settings: { ...ports, ...settings }, ...(onLine && { onLine }) });
    if (!server.setupToken) throw new Error('a new server prints a link for the first account');
    const ada = await Person.first(server.url, server.setupToken, { email: 'ada@example.org', displayName: 'Ada', password });
    const { id } = await ada.api.createCourse({ body: { title: 'Optics', description: '', enrolmentPolicy: 'open' } });
    const browser = await chromium.launch({ executablePath, args: chromiumFlags });
    return new Classroom({ dataFolder, settings: { ...ports, ...settings }, server, ada, courseId: id, browser, onLine });
  }

  async signUp(name: string): Promise<Person> {
    return Person.signUp(this.server.url, { email: `${name.toLowerCase()}@example.org`, displayName: name, password });
  }

  async student(name: string): Promise<Person> {
    const person = await this.signUp(name);
    await person.api.enrol({ params: { courseId: this.courseId }, body: {} });
    return person;
  }

  async startLecture(title = 'Lecture 1'): Promise<LectureId> {
    return (await this.ada.api.startLecture({ body: { courseId: this.courseId, title, isRecorded: true } })).id;
  }

  /** Ends it, and waits until its recording is whole: before that, its playlists are those of a live one, which ffmpeg reads from near their end. */
  async endRecorded(lectureId: LectureId): Promise<Lecture & { videoId: VideoId }> {
    const lecture = await this.ada.api.endLecture({ params: { lectureId } });
    const { videoId } = lecture;
    if (!videoId) throw new Error('the lecture was recorded');
    await until('the video to be ready', async () => (await this.ada.api.getVideo({ params: { videoId } })).state === 'ready', 60_000);
    return { ...lecture, videoId };
  }

  async streamUrl(): Promise<string> {
    const { serverUrl, streamKey } = await this.ada.api.issueStreamKey({ params: { courseId: this.courseId } });
    return `${serverUrl}/${streamKey}`;
  }

  /** Ends the server as a crash would, and starts it again at the same addresses with what it has on the disk. */
  async crash(): Promise<void> {
    await this.server.kill();
    await this.restart();
  }

  /** Starts a server that has ended, at the same addresses, with what it has on the disk. */
  async restart(options: Pick<LecternProcessOptions, 'onSpawn'> = {}): Promise<void> {
    this.server = await LecternProcess.start({ dataFolder: this.dataFolder, settings: this.settings, ...(this.#onLine && { onLine: this.#onLine }), ...options });
  }

  /** Opens a page as that person, signed in through the form. */
  async openPage(person: Person, address: string): Promise<Page> {
    const known = this.#contexts.get(person);
    const context = known ?? (await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['camera', 'microphone'] }));
    this.#contexts.set(person, context);
    const page = await context.newPage();
    if (!known) await signIn(page, this.server.url, person);
    await page.goto(`${this.server.url}${address}`);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}

async function signIn(page: Page, baseUrl: string, { credentials }: Person): Promise<void> {
  await page.goto(`${baseUrl}/sign-in`);
  await page.getByLabel(en.account.email).fill(credentials.email);
  await page.getByLabel(en.account.password, { exact: true }).fill(credentials.password);
  await page.getByRole('button', { name: en.account.signIn }).click();
  await page.waitForURL(`${baseUrl}/`);
}

/** A port that nobody has at the moment; it stays the same over restarts. */
export async function freePort(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}
