import { describe, test } from 'vitest';
import { Classroom } from './Classroom.ts';
import { launchChromium } from './launchChromium.ts';
import { joinRunningSite, runningSite } from './RunningSite.ts';
import { TestServer } from './TestServer.ts';

/**
 * `it` with what test files share. A worker launches one Chromium and starts one server, when the first of its files
 * asks for them; with LECTERN_TEST_SITE_URL it uses the site at that address instead of a server. `classroom` is a new course on
 * it for each file; files that configure, stop or kill a server open their own with `Classroom.open({ browser, settings })`, in
 * `describeWithOwnServer`.
 */
export const it = test
  .extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('site', { scope: 'worker' }, async ({}, { onCleanup }) => {
    if (runningSite) return joinRunningSite(runningSite);
    const server = await TestServer.start();
    onCleanup(() => server.close());
    return server;
  })
  .extend('classroom', { scope: 'file' }, async ({ browser, site }, { onCleanup }) => {
    const classroom = await Classroom.openOn(site, browser);
    onCleanup(() => classroom.close());
    return classroom;
  });

/** `describe` for tests that start a server of their own: to configure, stop or kill it. Skipped on a running site, which is not theirs. */
export const describeWithOwnServer = describe.skipIf(runningSite !== undefined);
