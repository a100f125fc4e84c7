import { mkdtemp, rm } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger, openSqliteDatabase, parseConfig, TokenSigner } from '#engine/kernel';
import { ManualClock, refusingDatabase } from '#engine/testing';
import type { AskedWrite } from '#engine/testing';
import { apiConfig, createApi } from '../index.ts';
import type { ApiOptions } from '../index.ts';
import { Browser } from './Browser.ts';
import { FakeLectureDirectory } from './FakeLectureDirectory.ts';
import { FakeStreamKeyManager } from './FakeStreamKeyManager.ts';
import { FakeVideoCatalog } from './FakeVideoCatalog.ts';

export interface TestApiOptions extends Partial<Pick<ApiOptions, 'media' | 'pagesFolder' | 'timeouts' | 'checkReadiness'>> {
  settings?: Record<string, string>;
  /** Writes that find the disk full. */
  isWriteRefused?: (write: AskedWrite) => boolean;
}

/** Weak, so that tests do not wait for hashes; `passwords.test.ts` has the cost of production. */
const passwordCost = { memoryKib: 8, passes: 1, parallelism: 1 };

/** The real API on a free loopback port, over a real database in a folder of its own; the other stations are fakes. */
export async function startTestApi({ settings = {}, isWriteRefused = () => false, ...options }: TestApiOptions = {}) {
  // A start that is refused leaves nothing behind either.
  await using opened = new AsyncDisposableStack();
  const folder = opened.adopt(await mkdtemp(path.join(tmpdir(), 'lectern-api-')), (folder) => rm(folder, { recursive: true }));
  const clock = new ManualClock();
  const kept = opened.adopt(await openSqliteDatabase({ path: path.join(folder, 'lectern.db') }), (database) => database.close());
  const database = refusingDatabase(kept, isWriteRefused);
  const tokens = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, clock);
  const fakes = { directory: new FakeLectureDirectory(clock), videoCatalog: new FakeVideoCatalog(), streamKeys: new FakeStreamKeyManager() };
  const config = parseConfig(apiConfig, { LECTERN_HTTP_PORT: '0', LECTERN_HTTP_LISTEN_ADDRESS: '127.0.0.1', ...settings });
  const logLines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void logLines.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ level: 'info', destination });
  const api = await createApi({ config, database, tokens, refreshKey: 'a key for tests only', clock, logger, passwordCost, ...fakes, ...options });
  const url = `http://127.0.0.1:${await api.listen()}`;
  opened.defer(async () => {
    api.server.closeAllConnections();
    await api.close();
  });
  const everything = opened.move();
  const close = () => everything.disposeAsync();
  const browser = () => new Browser(url);
  return { api, url, clock, tokens, database, logLines, ...fakes, browser, close, firstAccount: () => firstAccount(api.setupToken, browser()) };
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

async function firstAccount(token: string | undefined, browser: Browser): Promise<Browser> {
  const form = { email: 'ada@example.org', displayName: 'Ada', password: 'ada-password' };
  return browser.take(await browser.api.completeSetup({ body: { token: token ?? '', ...form } }));
}
