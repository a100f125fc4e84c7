import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findBrowser } from '../../engine/setup/mediaTools.mjs';

const flags = [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--auto-select-desktop-capture-source=Entire screen',
];

/** Ends a hang: on a busy machine a page takes several times as long as on a quiet one. */
export const pageTimeoutMs = 120_000;

/** A headless Chromium with fake devices that plays media without a click. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findBrowser(process.env);
  if (!executablePath) throw new Error('The journeys need a Chromium: npm test installs it.');
  return chromium.launch({ executablePath, args: flags });
}
