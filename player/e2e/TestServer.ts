// Responsible for a Lectern process with an empty data folder and an administrator, as a new school has it. Owns the
// process and the folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { putTokenKey } from '#engine/testing';
import { LecternProcess } from '../demo/LecternProcess.ts';
import type { LecternProcessOptions } from '../demo/LecternProcess.ts';
import { Person } from '../demo/Person.ts';
import { freePort } from '../../engine/setup/freePort.ts';
import { administrator, runningSite } from './RunningSite.ts';
import type { Site } from './RunningSite.ts';

export interface TestServerOptions {
  settings?: Readonly<Record<string, string>>;
  /** Receives every line that the server prints. */
  onLine?: (line: string) => void;
}

export class TestServer implements Site {
  readonly dataFolder: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly admin: Person;
  readonly accountTag = '';
  readonly #onLine: TestServerOptions['onLine'];
  #process: LecternProcess;

  private constructor(parts: Pick<TestServer, 'dataFolder' | 'settings' | 'admin' | 'process'>, onLine: TestServerOptions['onLine']) {
    this.dataFolder = parts.dataFolder;
    this.settings = parts.settings;
    this.admin = parts.admin;
    this.#process = parts.process;
    this.#onLine = onLine;
  }

  /** Its ports stay the same over restarts. */
  static async start({ settings: given = {}, onLine }: TestServerOptions = {}): Promise<TestServer> {
    if (runningSite !== undefined) throw new Error('This test starts a server of its own: it belongs in describeWithOwnServer (classroomTest.ts), which is skipped on a running site.');
    const dataFolder = given.LECTERN_DATA_DIR ?? (await mkdtemp(path.join(tmpdir(), 'lectern-journey-')));
    await putTokenKey(dataFolder);
    const ports = { LECTERN_HTTP_PORT: await freePort(), LECTERN_RTMP_PORT: await freePort(), LECTERN_RTC_PORT: await freePort() };
    // Renditions are for the tests that ask for them: each lecture would cost seconds of CPU.
    const settings = { ...ports, LECTERN_RTC_WORKERS: '1', LECTERN_HTTP_LISTEN_ADDRESS: '127.0.0.1', LECTERN_TRANSCODE_RECORDINGS: 'false', LECTERN_TRANSCODE_YIELDS: 'false', ...given };
    const process = await LecternProcess.start({ dataFolder, settings, ...(onLine && { onLine }) });
    if (!process.setupToken) throw new Error('a new server prints a link for the first account');
    const admin = await Person.first(process.url, process.setupToken, administrator);
    return new TestServer({ dataFolder, settings, admin, process }, onLine);
  }

  /** The process that was started last. */
  get process(): LecternProcess {
    return this.#process;
  }

  get url(): string {
    return this.#process.url;
  }

  /** Starts a server that has ended, at the same addresses and with the same data. `settings`: in addition to those of before. */
  async restart({ settings = {}, ...options }: Partial<Pick<LecternProcessOptions, 'onSpawn' | 'settings'>> = {}): Promise<void> {
    const { dataFolder } = this;
    this.#process = await LecternProcess.start({ dataFolder, settings: { ...this.settings, ...settings }, ...(this.#onLine && { onLine: this.#onLine }), ...options });
  }

  async close(): Promise<void> {
    await this.#process.stop();
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}
