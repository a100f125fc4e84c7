// Responsible for a Chromium whose pages publish and receive through a PlayedServer. Owns the browser.
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { findBrowser } from '../../setup/mediaTools.mjs';
import type { PlayedServer } from './PlayedServer.ts';
import type { PublishOptions } from './publisherPage.ts';

const flags =
  '--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --use-fake-device-for-media-stream --use-fake-ui-for-media-stream --autoplay-policy=no-user-gesture-required';

export class BrowserPages {
  readonly #browser: Browser;
  readonly #script: string;

  private constructor(browser: Browser, script: string) {
    this.#browser = browser;
    this.#script = script;
  }

  static async open(): Promise<BrowserPages> {
    const executablePath = findBrowser(process.env);
    if (!executablePath) throw new Error('no Chromium here; set LECTERN_CHROMIUM');
    const script = await bundle(path.join(import.meta.dirname, 'publisherPage.ts'));
    return new BrowserPages(await chromium.launch({ executablePath, args: flags.split(' ') }), script);
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

  async close(): Promise<void> {
    await this.#browser.close();
  }
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
