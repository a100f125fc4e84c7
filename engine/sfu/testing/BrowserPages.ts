// Responsible for a Chromium whose pages publish and receive through a PlayedServer. Owns the browser.
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { findBrowser } from '../../setup/mediaTools.mjs';
import type { PlayedServer } from './PlayedServer.ts';
import type { PublishOptions, Seen } from './publisherPage.ts';

const flags =
  '--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --use-fake-device-for-media-stream --use-fake-ui-for-media-stream --autoplay-policy=no-user-gesture-required';

/** Chromium ignores a page in the background; several of them receive at once. */
const visible = ['--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'];

export class BrowserPages {
  readonly #browser: Browser;
  readonly #script: string;

  private constructor(browser: Browser, script: string) {
    this.#browser = browser;
    this.#script = script;
  }

  /** `wrap` makes the program that starts the browser, for a browser in a network of its own. */
  static async open(wrap: (executablePath: string) => Promise<string> = async (executablePath) => executablePath): Promise<BrowserPages> {
    const executablePath = findBrowser(process.env);
    if (!executablePath) throw new Error('no Chromium here; set LECTERN_CHROMIUM');
    const script = await bundle(path.join(import.meta.dirname, 'publisherPage.ts'));
    return new BrowserPages(await chromium.launch({ executablePath: await wrap(executablePath), args: [...flags.split(' '), ...visible] }), script);
  }

  async open(server: PlayedServer): Promise<Page> {
    const page = await this.#browser.newPage();
    await page.exposeFunction('lecternRequest', (method: string, data: Record<string, unknown>) => server.request(method, data));
    await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>t</title>' }));
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: this.#script });
    return page;
  }

  async publish(server: PlayedServer, options: PublishOptions): Promise<Page> {
    const page = await this.open(server);
    await page.evaluate(`lecternPublish({ request: lecternRequest }, ${JSON.stringify(options)})`);
    return page;
  }

  /** A page that receives all tracks until it is closed. */
  async watch(server: PlayedServer): Promise<Page> {
    const page = await this.open(server);
    await page.evaluate(`lecternWatch({ request: lecternRequest })`);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** What a page that watches has received so far. */
export function seenOn(page: Page): Promise<Seen> {
  return page.evaluate<Seen>('lecternSeen()');
}

/** How many keyframes the browser of a page that publishes was asked for so far, all layers together. */
export function keyframeRequestsTo(page: Page): Promise<number> {
  return page.evaluate<number>('lecternAskedKeyframes()');
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'lectern' } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('vite built no bundle');
  return output.output[0].code;
}
