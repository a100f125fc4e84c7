// Global set-up of the vitest projects whose tests open pages: builds the pages when their sources have changed.
import { fileURLToPath } from 'node:url';

import { playerBuild } from './playerBuild.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
let building: Promise<void> | undefined;

/** Several projects of one run share a build. */
export function setup(): Promise<void> {
  building ??= build();
  return building;
}

async function build(): Promise<void> {
  const context = { root, env: process.env };
  if (playerBuild.missing(context)) await playerBuild.provide(context);
}
