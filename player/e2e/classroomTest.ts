import { test } from 'vitest';
import { Classroom } from './Classroom.ts';
import { launchChromium } from './launchChromium.ts';
import { TestServer } from './TestServer.ts';

/**
 * `it` with what test files share. A worker launches one Chromium and starts one server, when the first of its files
 * asks for them. `classroom` is a new course on that server for each file; files that configure, stop or kill a server
 * open their own with `Classroom.open({ browser, settings })`.
 */
export const it = test
  .extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('testServer', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const server = await TestServer.start();
    onCleanup(() => server.close());
    return server;
  })
  .extend('classroom', { scope: 'file' }, async ({ browser, testServer }, { onCleanup }) => {
    const classroom = await Classroom.openOn(testServer, browser);
    onCleanup(() => classroom.close());
    return classroom;
  });
