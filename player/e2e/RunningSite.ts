// A site that runs already, such as the one of `npm run cluster`: journeys use it instead of starting a server.
import { randomBytes } from 'node:crypto';
import { ApiError, createApiClient } from '#api/contract';
import { until } from '#engine/testing';
import { Person } from '../demo/Person.ts';

/** A running Lectern on which each test file has a course of its own. */
export interface Site {
  readonly url: string;
  /** Administrator and instructor. */
  readonly admin: Person;
  /** Distinguishes the accounts of this test process from those that others create on the site. */
  readonly accountTag: string;
}

export const password = 'a good password';

/** The administrator that the first test process on a site creates. */
export const administrator = { email: 'ada@example.org', displayName: 'Ada', password };

/** The site of the environment; undefined: tests start servers of their own. */
export const runningSite = process.env.LECTERN_TEST_SITE_URL ? { url: process.env.LECTERN_TEST_SITE_URL, setupToken: process.env.LECTERN_TEST_SETUP_TOKEN } : undefined;

/** Joins a running site. The first test process creates the administrator with the token of the set-up link, the others sign in. */
export async function joinRunningSite({ url, setupToken: token }: { url: string; setupToken: string | undefined }): Promise<Site> {
  const accountTag = randomBytes(4).toString('hex');
  if (token && (await isSetupNeeded(url))) {
    try {
      return { url, accountTag, admin: await Person.first(url, token, administrator) };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'setup.done') throw error;
    }
  }
  await until('the first account', async () => !(await isSetupNeeded(url)));
  return { url, accountTag, admin: await Person.signIn(url, administrator) };
}

async function isSetupNeeded(url: string): Promise<boolean> {
  const visitor = createApiClient({ baseUrl: url, fetch: globalThis.fetch, getAccessToken: () => undefined, onUnauthorized: async () => false });
  return (await visitor.getSetup()).isNeeded;
}
